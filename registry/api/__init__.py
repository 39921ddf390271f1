"""The JSON face: routes under `/api/v1`, their schemas, and refusals as problem documents."""
