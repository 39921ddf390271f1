// The network: who is related to the name under the pointer; and, if asked, a layout in which ties pull.
(() => {
  const svg = document.querySelector(".network > svg");
  if (!svg) return;
  const ties = [...svg.querySelectorAll(".ties path")].map((path) => {
    const [source, target] = path.dataset.ends.split(" ").map(Number);
    return { path, source, target, ends: [source, target], circle: path.getAttribute("d") };
  });
  const nodes = [...svg.querySelectorAll(".names text")].map((text, index) => ({
    text, index, link: text.closest("a"), near: new Set([index]),
    circle: Object.fromEntries(["x", "y", "transform", "text-anchor"].map((n) => [n, text.getAttribute(n)])),
  }));
  for (const { ends: [one, other] } of ties) { nodes[one].near.add(other); nodes[other].near.add(one); }

  const show = (node) => {
    svg.classList.toggle("looks", Boolean(node));
    for (const tie of ties) tie.path.classList.toggle("near", Boolean(node) && tie.ends.includes(node.index));
    for (const each of nodes) each.link.classList.toggle("near", Boolean(node) && node.near.has(each.index));
  };
  for (const node of nodes) {
    for (const event of ["pointerenter", "focus"]) node.link.addEventListener(event, () => show(node));
    for (const event of ["pointerleave", "blur"]) node.link.addEventListener(event, () => show(null));
  }

  const asked = document.querySelector(".network-moves");
  if (!asked || !window.d3?.forceSimulation) return;
  asked.hidden = false;
  const button = asked.querySelector("button");
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const whole = svg.getAttribute("viewBox");
  let moving = null, held = null, dragged = false;

  // Names are broader than high: they push each other off by their boxes, and stay in the picture.
  const [, , width, height] = whole.split(" ").map(Number);
  const high = Number(svg.querySelector(".names").getAttribute("font-size")) * 1.25;
  const inside = (node) => {
    const x = Math.max(width / 2 - node.wide / 2 - 4, 0), y = height / 2 - high;
    node.x = Math.min(Math.max(node.x, -x), x);
    node.y = Math.min(Math.max(node.y, -y), y);
  };
  const boxes = () => {
    for (const one of nodes) for (const other of nodes) {
      if (other.index <= one.index) continue;
      const x = other.x - one.x, y = other.y - one.y;
      const overX = (one.wide + other.wide) / 2 + 4 - Math.abs(x), overY = high - Math.abs(y);
      if (overX <= 0 || overY <= 0) continue;
      const upright = overY <= overX;
      const by = (upright ? overY : overX) / 2 * ((upright ? y : x) < 0 ? -1 : 1);
      const name = upright ? "y" : "x";
      one[name] -= by; other[name] += by;
    }
    nodes.forEach(inside);
  };

  // Unless the reader chose how close to be: as close as leaves everybody in, in the frame's own shape.
  let chosen = false;
  const fit = () => {
    if (chosen) return;
    const ends = (name, half) => [Math.min(...nodes.map((n) => n[name] - half(n))), Math.max(...nodes.map((n) => n[name] + half(n)))];
    const [west, east] = ends("x", (node) => node.wide / 2 + 6), [north, south] = ends("y", () => high);
    const by = Math.min(Math.max((east - west) / width, (south - north) / height, 0.4), 1);
    const x = (west + east - width * by) / 2, y = (north + south - height * by) / 2;
    svg.setAttribute("viewBox", [x, y, width * by, height * by].map((each) => each.toFixed(1)).join(" "));
  };
  const place = () => {
    fit();
    for (const { text, x, y } of nodes) { text.setAttribute("x", x.toFixed(1)); text.setAttribute("y", y.toFixed(1)); }
    for (const { path, ends: [one, other] } of ties) {
      const a = nodes[one], b = nodes[other];
      path.setAttribute("d", `M${a.x.toFixed(1)} ${a.y.toFixed(1)}L${b.x.toFixed(1)} ${b.y.toFixed(1)}`);
    }
  };
  const draw = () => {
    const mean = 2 * ties.length / nodes.length;
    for (const node of nodes) {
      node.text.classList.toggle("hub", node.near.size > 3 * mean + 3);
      node.x = Number(node.circle.x); node.y = Number(node.circle.y); node.fx = node.fy = null;
      node.text.removeAttribute("transform"); node.text.setAttribute("text-anchor", "middle");
      node.wide = node.text.getComputedTextLength();
    }
    const links = ties.map(({ ends: [source, target] }) => ({ source, target }));
    chosen = false;
    const room = 700 / Math.sqrt(nodes.length);
    moving = d3.forceSimulation(nodes)
      .force("ties", d3.forceLink(links).distance(room * 0.8))
      .force("apart", d3.forceManyBody().strength(-room * 4))
      .force("room", d3.forceCollide(room * 0.35))
      .force("x", d3.forceX().strength(0.06)).force("y", d3.forceY().strength(0.06))
      .force("boxes", boxes);
    const settle = () => { for (let n = 0; n < 40 && !held; n += 1) boxes(); place(); };
    if (still) { moving.stop().tick(200); settle(); } else moving.on("tick", place).on("end", settle);
  };
  const back = () => {
    moving.stop(); moving = null;
    svg.setAttribute("viewBox", whole);
    for (const { text, circle } of nodes) for (const [name, value] of Object.entries(circle)) text.setAttribute(name, value);
    for (const { path, circle } of ties) path.setAttribute("d", circle);
  };
  button.addEventListener("click", () => {
    if (moving) back(); else draw();
    svg.classList.toggle("moves", Boolean(moving));
    button.setAttribute("aria-pressed", String(Boolean(moving)));
  });

  const at = (event) => new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse());
  for (const node of nodes) {
    node.link.addEventListener("dragstart", (event) => event.preventDefault());
    node.link.addEventListener("pointerdown", (event) => { if (moving && event.button === 0) { held = node; dragged = false; } });
    node.link.addEventListener("click", (event) => { if (dragged) event.preventDefault(); dragged = false; });
  }
  addEventListener("pointermove", (event) => {
    if (!held) return;
    const { x, y } = at(event);
    held.fx = held.x = x; held.fy = held.y = y; dragged = chosen = true;
    if (still) place(); else moving.alphaTarget(0.2).restart();
  });
  addEventListener("pointerup", () => { if (held) moving?.alphaTarget(0); held = null; });
  svg.addEventListener("wheel", (event) => {
    if (!moving) return;
    event.preventDefault();
    chosen = true;
    const [x, y, width, height] = svg.getAttribute("viewBox").split(" ").map(Number);
    const by = Math.min(Math.max(width * (event.deltaY > 0 ? 1.15 : 0.87), 120), 1880) / width, p = at(event);
    svg.setAttribute("viewBox", [p.x - (p.x - x) * by, p.y - (p.y - y) * by, width * by, height * by].join(" "));
  }, { passive: false });
})();
