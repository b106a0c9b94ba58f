// Maps beside each other, under a slider, or one at a time; they show the same ground always.

const mode = words.mode;
const holders = [...document.querySelectorAll("script[data-title]")];
const frames = holders.map((holder) => mapFrame(holder.id, holder.dataset.title));
const stage = el("div", `stage ${mode}`, ...frames);
const bar = el("div", `bar ${mode}-bar`);

window.addEventListener("message", (event) => {
  const from = frames.findIndex((frame) => frame.contentWindow === event.source);
  const view = event.data && event.data.sitingView;
  if (from < 0 || !Array.isArray(view) || !view.every(Number.isFinite)) return;
  for (const frame of frames) {
    if (frame.contentWindow !== event.source) frame.contentWindow.postMessage({ sitingView: view }, "*");
  }
});

// With two maps the words of the left one stand to its left, those of the right one to its right: no
// legend lies under the other map. Where there is no room for that, they stand below.
const NARROW = 900;
const paired = frames.length === 2 && mode !== "switch";
function sideOf(i, narrow) {
  if (!paired) return null;
  return narrow && mode === "side" ? "below" : ["left", "right"][i];
}
function takeSides() {
  const narrow = stage.clientWidth < NARROW;
  document.documentElement.classList.toggle("narrow", narrow);
  frames.forEach((frame, i) => {
    const told = { sitingPaper: { size: sheet(), side: sideOf(i, mode === "side") } };
    if (paired) Object.assign(told, { sitingSide: sideOf(i, narrow), sitingNarrow: narrow });
    frame.contentWindow.postMessage(told, "*");
  });
}
for (const frame of frames) frame.addEventListener("load", takeSides);
const watching = new ResizeObserver(takeSides);
watching.observe(stage);

// A map's part of a sheet of A4 [pixels], as the style has it; the frames are told before they print.
function sheet() {
  return [{ side: 1050 / frames.length - 2, swipe: 1050 - 264, switch: 1050 }[mode], 630];
}
window.addEventListener("beforeprint", () => {
  watching.disconnect();
  document.documentElement.classList.remove("narrow");
  document.documentElement.classList.add("printing");
});
window.addEventListener("afterprint", () => {
  document.documentElement.classList.remove("printing");
  watching.observe(stage);
});

if (mode === "side") {
  bar.append(...holders.map((holder) => el("strong", "", holder.dataset.title)));
  // On a narrow screen the maps stand below each other: by key too.
  new ResizeObserver(() => {
    stage.tabIndex = stage.scrollHeight > stage.clientHeight ? 0 : -1;
  }).observe(stage);
} else if (mode === "swipe") {
  const slider = el("input", "");
  Object.assign(slider, { type: "range", min: 0, max: 100, value: 50 });
  slider.setAttribute("aria-label", words.swipe);
  const cut = () => { stage.style.setProperty("--cut", slider.value / 100); };
  slider.addEventListener("input", cut);
  cut();
  bar.append(el("strong", "", holders[0].dataset.title), slider, el("strong", "", holders[1].dataset.title));
} else {
  const buttons = holders.map((holder, i) => {
    const button = el("button", "", holder.dataset.title);
    button.type = "button";
    button.addEventListener("click", () => show(i));
    return button;
  });
  const show = (wanted) => {
    frames.forEach((frame, i) => { frame.style.visibility = i === wanted ? "visible" : "hidden"; });
    buttons.forEach((button, i) => button.setAttribute("aria-pressed", String(i === wanted)));
  };
  show(0);
  bar.append(...buttons);
}
document.body.append(el("main", "", el("h1", "", document.title), bar, stage));
document.documentElement.dataset.drawn = "yes";
