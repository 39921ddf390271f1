"""What is sent is signed as Standard Webhooks says."""

import base64

from registry.webhooks.signing import signed
from tests.webhooks.receiver import is_signed

# From the tests of the standard's reference libraries.
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
ID, TIMESTAMP, BODY = "msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, b'{"test": 2432232314}'
SIGNATURE = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_the_published_example_is_signed_as_published() -> None:
    headers = signed([SECRET], ID, TIMESTAMP, BODY)
    assert headers == {
        "webhook-id": ID,
        "webhook-timestamp": "1614265330",
        "webhook-signature": SIGNATURE,
    }
    assert is_signed(SECRET, headers, BODY)


def test_each_secret_adds_a_signature() -> None:
    other = "whsec_" + base64.b64encode(bytes(range(32))).decode()
    headers = signed([other, SECRET], ID, TIMESTAMP, BODY)
    first, second = headers["webhook-signature"].split(" ")
    assert second == SIGNATURE != first
    assert is_signed(other, headers, BODY)
