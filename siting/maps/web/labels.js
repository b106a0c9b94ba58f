// Names without collisions: at every zoom the weightier places choose first, the rest wait.

const SHIFTS = [
  [0, 0], [0, -10], [0, 10], [-12, 0], [12, 0], [-12, -8], [12, -8], [-12, 8], [12, 8],
  [0, -20], [0, 20], [-8, -18], [8, -18], [-8, 18], [8, 18], [0, -28], [0, 28], [-22, 0], [22, 0],
];
// Name and signs, the same with the name in lines, name and dots, name alone, name alone in lines;
// each with how far it may reach over the sides of its place [times its width, pixels].
const WITHIN = [1, 0];
const OVER = [1.25, 8];
const VARIANTS = [
  ["full", WITHIN], ["tall", WITHIN], ["full", OVER], ["tall", OVER],
  ["brief", OVER], ["bare", WITHIN], ["thin", WITHIN], ["bare", OVER], ["thin", OVER],
];

class Names {
  constructor(atlas) {
    this.atlas = atlas;
    this.items = scene.places.map((place, i) => this.item(place, i));
    this.items.sort((a, b) => b.weight - a.weight || b.reach - a.reach || a.order - b.order);
    this.zones = scene.zones.map((zone) => this.label(zone.at, el("div", "name zone-name", zone.label ?? zone.name)));
    atlas.map.on("zoomend resize", () => this.arrange());
    atlas.map.on("layeradd layerremove", (event) => event.layer === atlas.zones && this.arrange());
  }

  item(place, order) {
    const signs = (place.signs ?? place.clusters).map((c) => chip(scene.clusters[c], place.swing?.includes(c)));
    const row = el("span", "signs", ...signs, place.note || null);
    const node = el("div", "name", el("span", "word", place.name), row);
    const box = L.latLngBounds(place.latlngs[0][0]);
    const reach = (box.getEast() - box.getWest()) * (box.getNorth() - box.getSouth());
    const made = this.label(place.at, node);
    const enlarged = scene.inset !== null && L.latLngBounds(scene.inset).contains(box);
    return Object.assign(made, { box, reach, order, enlarged, weight: place.clusters.length });
  }

  label(at, node) {
    const icon = L.divIcon({ html: node, className: "holder", iconSize: [0, 0] });
    const marker = L.marker(at, { icon, pane: "names", interactive: false, keyboard: false });
    marker.addTo(this.atlas.map);
    return { at: L.latLng(at), node, sizes: {} };
  }

  // Width and height of a label in one of its variants, measured once it is seen.
  size(item, variant) {
    item.node.dataset.variant = variant;
    if (!item.sizes[variant]?.[0]) item.sizes[variant] = [item.node.offsetWidth, item.node.offsetHeight];
    return item.sizes[variant];
  }

  arrange() {
    const map = this.atlas.map;
    const taken = [];
    const zonesOn = map.hasLayer(this.atlas.zones);
    if (zonesOn) {
      for (const zone of this.zones) taken.push(around(map.latLngToLayerPoint(zone.at), 18, 18));
    }
    const doubled = this.atlas.doubled();
    for (const item of this.items) {
      if (doubled && item.enlarged) this.move(item, null);
      else this.settle(item, taken);
    }
    for (const item of this.zones) {
      const [width, height] = this.size(item, "zone");
      const beside = [[width / 2 + 11, 0], [-width / 2 - 11, 0], [0, 18], [0, -18]];
      this.move(item, zonesOn && fit(map.latLngToLayerPoint(item.at), width, height, beside, taken));
    }
  }

  settle(item, taken) {
    const map = this.atlas.map;
    const point = map.latLngToLayerPoint(item.at);
    const east = map.latLngToLayerPoint(item.box.getNorthEast()).x;
    const room = east - map.latLngToLayerPoint(item.box.getSouthWest()).x;
    for (const [variant, [times, more]] of VARIANTS) {
      const [width, height] = this.size(item, variant);
      if (width > times * room + more) continue; // it would read as the neighbour's name
      const near = SHIFTS.filter(([dx]) => Math.abs(dx) <= room / 3);
      const found = fit(point, width, height, near, taken, this.atlas.frame());
      if (found) return this.move(item, found);
    }
    return this.move(item, null);
  }

  move(item, shift) {
    if (!shift) item.node.dataset.variant = "none";
    else item.node.style.transform = `translate(calc(${shift[0]}px - 50%), calc(${shift[1]}px - 50%))`;
  }
}

function around(point, width, height) {
  return [point.x - width / 2, point.y - height / 2, point.x + width / 2, point.y + height / 2];
}

// The first of `shifts` at which a box of this size is free (and within `frame`); it is then taken.
function fit(point, width, height, shifts, taken, frame = null) {
  for (const [dx, dy] of shifts) {
    const box = around({ x: point.x + dx, y: point.y + dy }, width + 4, height + 2);
    const clash = taken.some((other) =>
      box[0] < other[2] && other[0] < box[2] && box[1] < other[3] && other[1] < box[3]);
    const cut = frame && (box[0] < frame[0] || box[1] < frame[1] || box[2] > frame[2] || box[3] > frame[3]);
    if (clash || cut) continue;
    taken.push(box);
    return [dx, dy];
  }
  return null;
}
