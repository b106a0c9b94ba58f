// Points by the thousand on one canvas: dots while they can be told apart, else a grid of counts.

const MANY = 20000; // in view: above, cells of a grid take the place of dots
const CELL = 7;
const NEAR = 7;

function unfoldDots(dots) {
  const points = [];
  let x = 0;
  let y = 0;
  for (let i = 0; i < dots.steps.length; i += 2) {
    x += dots.steps[i];
    y += dots.steps[i + 1];
    points.push(L.latLng(y / STEP, x / STEP));
  }
  return points;
}

const Dots = L.Layer.extend({
  initialize(dots) {
    this.dots = dots;
    this.points = unfoldDots(dots);
    this.off = new Set();
    this.only = null; // the one kind that the legend points at
  },
  onAdd(map) {
    this.map = map;
    const pane = map.getPane("dots") || map.createPane("dots");
    Object.assign(pane.style, { zIndex: 430, pointerEvents: "none" });
    this.canvas = el("canvas", "leaflet-zoom-hide");
    pane.append(this.canvas);
    map.on("moveend resize", this.draw, this);
    map.on("mousemove", this.over, this);
    this.draw();
  },
  onRemove(map) {
    map.off("moveend resize", this.draw, this);
    map.off("mousemove", this.over, this);
    this.canvas.remove();
  },
  // What lies in view, in pixels of the canvas.
  place() {
    const size = this.map.getSize();
    const seen = [];
    this.points.forEach((point, i) => {
      const kind = this.dots.kinds[i];
      if (this.only === null ? this.off.has(kind) : kind !== this.only) return;
      const at = this.map.latLngToContainerPoint(point);
      if (at.x > -4 && at.y > -4 && at.x < size.x + 4 && at.y < size.y + 4) seen.push([at.x, at.y, i]);
    });
    return [size, seen];
  },
  draw() {
    const [size, seen] = this.place();
    this.seen = seen;
    Object.assign(this.canvas, { width: size.x, height: size.y });
    L.DomUtil.setPosition(this.canvas, this.map.containerPointToLayerPoint([0, 0]));
    const brush = this.canvas.getContext("2d");
    this.gridded = seen.length > MANY;
    if (this.gridded) this.grid(brush, seen);
    else this.spots(brush, seen);
    this.canvas.dataset.drawn = `${seen.length} ${this.gridded ? "grid" : "dots"}`;
  },
  spots(brush, seen) {
    const radius = seen.length > 4000 ? 2 : 3.2;
    brush.strokeStyle = "#fff";
    brush.lineWidth = 0.7;
    for (const [x, y, i] of seen) {
      brush.fillStyle = this.dots.colours[this.dots.kinds[i]];
      brush.beginPath();
      brush.arc(x, y, radius, 0, 2 * Math.PI);
      brush.fill();
      if (radius > 2) brush.stroke();
    }
  },
  grid(brush, seen) {
    const counts = new Map();
    for (const [x, y] of seen) {
      const key = `${Math.floor(x / CELL)} ${Math.floor(y / CELL)}`;
      counts.set(key, (counts.get(key) || 0) + 1);
    }
    // One category alone has its own colour; all together have one that means none of them.
    const on = this.dots.colours.filter((_, i) => (this.only === null ? !this.off.has(i) : i === this.only));
    brush.fillStyle = on.length === 1 ? on[0] : "#33404c";
    let most = 1;
    for (const count of counts.values()) most = Math.max(most, count);
    for (const [key, count] of counts) {
      const [x, y] = key.split(" ").map(Number);
      brush.globalAlpha = 0.15 + 0.7 * Math.log(count + 1) / Math.log(most + 1);
      brush.fillRect(x * CELL, y * CELL, CELL, CELL);
    }
  },
  over(event) {
    if (this.map.dragging.moving()) return;
    const { x, y } = event.containerPoint;
    let best = null;
    let near = NEAR * NEAR;
    if (!this.gridded && this.dots.names.length) {
      for (const [px, py, i] of this.seen) {
        const far = (px - x) ** 2 + (py - y) ** 2;
        if (far < near) [near, best] = [far, i];
      }
    }
    if (best !== this.best) this.tell(best);
  },
  // Go to the first point of this name, else to one whose name holds it; tell whether there is one.
  find(wanted) {
    const names = this.dots.names.map(folded);
    let at = names.indexOf(wanted);
    if (at < 0) at = names.findIndex((name) => name.includes(wanted));
    if (at < 0) return false;
    held.add(this.map.getContainer());
    this.map.setView(this.points[at], this.map.getMinZoom() + 4, { animate: false });
    this.tell(at);
    return true;
  },
  // Say what a point is, or nothing.
  tell(best) {
    this.best = best;
    if (this.tip) this.tip.remove();
    if (best === null) return;
    const facts = { head: this.dots.names[best], sub: this.dots.labels[this.dots.kinds[best]] || "" };
    this.tip = L.tooltip({ className: "tip", direction: "top", offset: [0, -6], opacity: 1 })
      .setLatLng(this.points[best]).setContent(card(facts)).addTo(this.map);
  },
});

function drawDots(map) {
  if (!scene.dots) return null;
  const layer = new Dots(scene.dots).addTo(map);
  for (const node of document.querySelectorAll(".legend li[data-dot]")) {
    const kind = Number(node.dataset.dot);
    const tick = el("input", "");
    tick.type = "checkbox";
    tick.checked = true;
    tick.setAttribute("aria-label", node.textContent);
    tick.addEventListener("change", () => {
      if (tick.checked) layer.off.delete(kind);
      else layer.off.add(kind);
      layer.draw();
    });
    node.prepend(tick);
    const point = (only) => {
      layer.only = only;
      layer.draw();
    };
    node.addEventListener("mouseenter", () => point(kind));
    node.addEventListener("mouseleave", () => point(null));
  }
  return layer;
}
