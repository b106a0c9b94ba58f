// Points by the thousand on one canvas: dots while they can be told apart, else a grid of counts.

const MANY = 20000; // in view: above, cells of a grid take the place of dots
const CELL = 7;
const NEAR = 7;
const FAINT = 0.22; // how much of a cell's colour covers the ground, in the least class and the most
const FULL = 0.85;

// At most five classes from 1 to `most`, each up to a number of the series 1, 2, 5, 10, 20, 50, ...
function gridClasses(most) {
  const ends = [];
  for (let i = 0; !ends.length || ends[ends.length - 1] < most; i += 1) {
    ends.push([1, 2, 5][i % 3] * 10 ** Math.floor(i / 3));
  }
  const step = Math.ceil(ends.length / 5);
  const kept = ends.filter((_, i) => (ends.length - 1 - i) % step === 0);
  return kept.map((end, i) => {
    const share = kept.length === 1 ? 1 : i / (kept.length - 1);
    return { from: i ? kept[i - 1] + 1 : 1, to: Math.min(end, most), cover: FAINT + (FULL - FAINT) * share };
  });
}

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
    this.legend = legendBox({ title: words.grid, rule: words.grid_rule, items: [] });
    this.legend.classList.add("grid");
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
    this.legend.hidden = !this.gridded;
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
    const colour = on.length === 1 ? on[0] : "#33404c";
    let most = 1;
    for (const count of counts.values()) most = Math.max(most, count);
    this.classes = gridClasses(most);
    brush.fillStyle = colour;
    for (const [key, count] of counts) {
      const [x, y] = key.split(" ").map(Number);
      brush.globalAlpha = this.classes.find((one) => count <= one.to).cover;
      brush.fillRect(x * CELL, y * CELL, CELL, CELL);
    }
    this.explain(colour);
  },
  // The legend of the grid as it is now: the side of a cell, and of each class its numbers.
  explain(colour) {
    const size = this.map.getSize();
    const ends = [[0, size.y / 2], [100 * CELL, size.y / 2]].map((at) => this.map.containerPointToLatLng(at));
    const side = this.map.distance(...ends) / 100;
    const said = side < 1000 ? `${Number(side.toPrecision(2))} ${words.m}` : `${Number((side / 1000).toPrecision(2))} ${words.km}`;
    this.legend.querySelector(".rule").textContent = words.grid_rule.replaceAll("{size}", said);
    const lines = this.classes.map((one) => {
      const patch = el("i", "swatch");
      const tint = colour + Math.round(255 * one.cover).toString(16).padStart(2, "0");
      patch.style.background = `linear-gradient(${tint}, ${tint}), ${scene.neutral}`;
      const from = one.from.toLocaleString("en");
      return el("li", "", patch, el("span", "", one.from >= one.to ? from : `${from} – ${one.to.toLocaleString("en")}`));
    });
    this.legend.querySelector("ul").replaceChildren(...lines.reverse());
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
  document.querySelector(".legend").parentElement.after(layer.legend);
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
