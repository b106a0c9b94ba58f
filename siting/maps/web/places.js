// The places: a choropleth below, a layer of stripes per cluster above, points of zones on top.

const STEP = 1e5;
const COVER = scene.background ? 0.55 : 1; // so that the ground shows through
const LINE = { color: "#51606d", weight: 1, smoothFactor: 0 };
const defs = svg("defs", {});
const shown = new Set();
let classed = true;

// Rings come as a first vertex and steps; back to [lat, lon].
function unfold(rings) {
  return rings.map((polygon) =>
    polygon.map((steps) => {
      const points = [];
      let x = 0;
      let y = 0;
      for (let i = 0; i < steps.length; i += 2) {
        x += steps[i];
        y += steps[i + 1];
        points.push(L.latLng(y / STEP, x / STEP));
      }
      return points;
    })
  );
}

for (const place of scene.places) place.latlngs = unfold(place.rings);

function hatch() {
  const pattern = { id: "hatch", width: 6, height: 6, patternUnits: "userSpaceOnUse" };
  const ground = svg("rect", { width: 6, height: 6, fill: "#f4f4f4" });
  const bar = svg("rect", { width: 1.4, height: 6, fill: "#8d8d8d" });
  defs.append(svg("pattern", { ...pattern, patternTransform: "rotate(45)" }, ground, bar));
}

// Stripe `turn` of `total`: clusters that share a place take turns, so none hides another.
function stripes(index, turn, total) {
  const id = `stripe-${index}-${turn}-${total}`;
  if (!document.getElementById(id)) {
    const period = 8 * Math.max(total, 1.5);
    const size = { width: period, height: period, patternUnits: "userSpaceOnUse" };
    const bar = svg("rect", {
      x: 8 * turn, width: 5, height: period, fill: scene.clusters[index].colour,
    });
    defs.append(svg("pattern", { id, ...size, patternTransform: "rotate(45)" }, bar));
  }
  return `url(#${id})`;
}

function fillOf(place) {
  const kind = scene.classes[place.kind];
  if (!classed) return scene.neutral;
  return kind.hatch ? "url(#hatch)" : kind.fill;
}

// One view of the places; the page has a main one and sometimes an enlargement.
class Atlas {
  constructor(map, still = false) {
    this.map = map;
    this.still = still;
    // Stripes lie over every place, names over every stripe; neither takes the mouse away.
    for (const [name, level] of [["stripes", 410], ["names", 610]]) {
      const pane = map.createPane(name);
      pane.style.zIndex = level;
      pane.style.pointerEvents = "none";
    }
    this.renderer = L.svg({ pane: "stripes", padding: 0.5 });
    this.base = scene.places.map((place) => this.place(place));
    this.layers = scene.clusters.map((cluster) => this.cluster(cluster));
    this.names = new Names(this);
    this.spots = scene.zones.map((zone) => this.zone(zone));
    this.zones = L.layerGroup(this.spots);
  }

  // Whether the enlargement beside this view shows the small places better than it does itself.
  doubled() {
    const frame = this.still ? null : this.map.getContainer().querySelector(".inset");
    return Boolean(frame && frame.offsetWidth) && this.map.getZoom() < this.map.getMinZoom() + 2;
  }

  // A view that cannot be moved shows no name that its edge would cut.
  frame() {
    if (!this.still) return null;
    const size = this.map.getSize();
    const corner = this.map.containerPointToLayerPoint([0, 0]);
    return [corner.x, corner.y, corner.x + size.x, corner.y + size.y];
  }

  place(place) {
    const layer = L.polygon(place.latlngs, { ...LINE, fillColor: fillOf(place), fillOpacity: COVER });
    layer.on("add", () => this.reachable(layer, place));
    layer.outline = (over = false) => {
      const strong = over || kept.layer === layer;
      layer.setStyle(strong ? { weight: 2.5, color: "#16212b" } : LINE);
      if (over) layer.bringToFront(); // for a key it would lose its turn
    };
    layer.on("mouseover", () => layer.outline(true));
    layer.on("mouseout", () => layer.outline());
    speak(layer, place.card);
    return layer.addTo(this.map);
  }

  // Tab walks the places; Enter or the space bar opens one.
  reachable(layer, place) {
    const path = layer.getElement();
    path.setAttribute("tabindex", "0");
    path.setAttribute("role", "button");
    path.setAttribute("aria-label", `${place.card.head} ${place.card.sub || ""}`);
    path.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      kept.show(layer, L.latLng(place.at), true);
    });
    path.addEventListener("focus", () => {
      if (path.matches(":focus-visible")) layer.openTooltip(L.latLng(place.at));
    });
    path.addEventListener("blur", () => layer.closeTooltip());
  }

  cluster(cluster) {
    return L.featureGroup(
      cluster.members.map((i) =>
        L.polygon(scene.places[i].latlngs, {
          ...LINE, interactive: false, fillOpacity: 1, renderer: this.renderer,
        })
      )
    );
  }

  zone(zone) {
    const sign = svg("svg", { viewBox: "-9 -9 18 18", width: 18, height: 18 });
    const mark = zone.mark || "chosen";
    const shape = mark === "existing" ? "M-5.5-5.5h11v11h-11Z" : "M0-7.5 7.5 0 0 7.5-7.5 0Z";
    sign.append(svg("path", { d: shape, class: `zone-sign ${mark}` }));
    const icon = L.divIcon({ html: sign, className: "zone", iconSize: [18, 18] });
    const marker = L.marker(zone.at, { icon });
    marker.on("add", () => marker.getElement().setAttribute("aria-label", zone.name));
    marker.on("keydown", ({ originalEvent: pressed }) => {
      if (pressed.key !== "Enter" && pressed.key !== " ") return;
      pressed.preventDefault();
      kept.show(marker, marker.getLatLng(), true);
    });
    speak(marker, zone.card);
    return marker;
  }

  // Only these places in full colour; all of them again with null.
  point(wanted) {
    this.base.forEach((layer, i) => {
      const on = wanted === null || wanted.has(i);
      layer.setStyle({ fillOpacity: on ? COVER : 0.18 * COVER, opacity: on ? 1 : 0.35 });
    });
  }

  paint() {
    scene.places.forEach((place, i) => this.base[i].setStyle({ fillColor: fillOf(place) }));
    scene.clusters.forEach((cluster, c) => {
      if (!shown.has(c)) return void this.layers[c].remove();
      this.layers[c].addTo(this.map);
      cluster.members.forEach((i, k) => {
        const here = scene.places[i].clusters.filter((other) => shown.has(other));
        const [turn, total] = [here.indexOf(c), here.length];
        this.layers[c].getLayers()[k].setStyle({
          fillColor: stripes(c, turn, total),
          color: total === 1 ? cluster.colour : LINE.color,
          weight: total === 1 ? 2 : LINE.weight,
        });
      });
    });
  }
}

// A tooltip under the mouse; a click or a touch keeps it as a card.
function speak(layer, facts) {
  layer.facts = facts;
  layer.bindTooltip(() => card(facts), { sticky: true, opacity: 1, className: "tip" });
  layer.on("tooltipopen mousemove", () => keepInside(layer));
  layer.on("click", (event) => kept.show(layer, event.latlng, true));
}

// Leaflet turns a tooltip left or right but lets it run out of the map above and below.
function keepInside(layer) {
  const node = layer.isTooltipOpen() && layer.getTooltip().getElement();
  if (!node) return;
  node.style.margin = "";
  const [tip, box] = [node, layer._map.getContainer()].map((one) => one.getBoundingClientRect());
  const over = Math.max(0, tip.bottom - box.bottom + 6) - Math.max(0, box.top - tip.top + 6);
  const push = (edge, by) => { node.style[edge] = `${parseFloat(getComputedStyle(node)[edge]) - by}px`; };
  if (over) push("marginTop", over);
  const frame = coveredInset(layer._map, node); // it lies above all tooltips
  if (frame) push("marginLeft", node.getBoundingClientRect().right - frame.getBoundingClientRect().left + 6);
}

// The enlargement beside the map, if this node reaches into it.
function coveredInset(map, node) {
  const frame = map.getContainer().querySelector(".inset");
  if (!frame || frame.contains(node)) return null;
  const [one, other] = [node, frame].map((each) => each.getBoundingClientRect());
  const apart = one.right < other.left || one.bottom < other.top || one.left > other.right || one.top > other.bottom;
  return apart ? null : frame;
}

// A line of the layer control: switching it repaints every view.
function switchLayer(legend, change) {
  const layer = L.layerGroup();
  layer.legend = legend;
  layer.on("add", () => change(true));
  layer.on("remove", () => change(false));
  return layer;
}
