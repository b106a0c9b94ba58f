// What the page does by itself: tables sort and filter, small maps open large. Text stays text.

// The number in a cell, or NaN; a cell tells it itself where its text does not.
function number(cell) {
  const text = cell.dataset.v ?? cell.textContent.replace(/,/g, "");
  return text.trim() === "" ? NaN : Number(text);
}

// What stands before an amount in words: about 1,000, CNY 500 billion.
const ABOUT = /^((约|超过|不少于|至少|about|over|more than|at least|CNY)\s*)+(?=\d)/i;

// Numbers by size, texts by their language; what is empty comes last both ways.
function order(column, numeric, down) {
  const sign = down ? -1 : 1;
  const compare = new Intl.Collator(document.documentElement.lang, { numeric: true }).compare;
  return (one, other) => {
    const [a, b] = [one.cells[column], other.cells[column]];
    if (numeric) {
      const [x, y] = [number(a), number(b)];
      if (Number.isNaN(x) || Number.isNaN(y)) return Number.isNaN(x) - Number.isNaN(y);
      return sign * (x - y);
    }
    const [x, y] = [a, b].map((cell) => cell.textContent.replace(/(\d),(?=\d{3})/g, "$1").replace(ABOUT, ""));
    if (!x || !y) return !x - !y;
    return sign * compare(x, y);
  };
}

function sortable(table) {
  const body = table.tBodies[0];
  const rows = [...body.rows];
  const heads = [...table.tHead.rows[0].cells];
  heads.forEach((head, column) => {
    const button = el("button", "sort", ...head.childNodes);
    button.type = "button";
    button.title = words.sort;
    head.append(button);
    button.addEventListener("click", () => {
      const was = head.getAttribute("aria-sort");
      for (const other of heads) other.removeAttribute("aria-sort");
      if (was === "descending") return void body.append(...rows); // as it was written
      head.setAttribute("aria-sort", was ? "descending" : "ascending");
      const numeric = head.classList.contains("n");
      body.append(...[...rows].sort(order(column, numeric, Boolean(was))));
    });
  });
}

function filterable(figure, table) {
  const rows = [...table.tBodies[0].rows];
  if (rows.length < 8) return;
  const input = el("input", "");
  input.type = "search";
  input.placeholder = words.filter;
  input.setAttribute("aria-label", `${words.filter} ${figure.querySelector("figcaption").firstChild.data}`);
  const count = el("output", "", "");
  const clear = el("button", "clear", words.clear);
  clear.type = "button";
  const none = el("p", "none", words.none, " ", clear);
  none.hidden = true;
  const texts = rows.map((row) => row.textContent.normalize("NFKC").toLowerCase());
  const apply = () => {
    const parts = input.value.normalize("NFKC").toLowerCase().split(/\s+/);
    let left = 0;
    rows.forEach((row, i) => {
      const found = parts.every((part) => texts[i].includes(part));
      row.hidden = !found;
      left += found;
    });
    count.textContent = input.value ? `${left} / ${rows.length}` : "";
    none.hidden = left > 0;
  };
  clear.addEventListener("click", () => {
    input.value = "";
    apply();
    input.focus();
  });
  input.addEventListener("input", apply);
  figure.querySelector("figcaption").append(el("span", "filter", input, count));
  none.setAttribute("role", "status");
  figure.append(none);
  return () => { input.value = ""; apply(); };
}

// The picture as large as it is; a narrow screen scrolls.
function sheet(link) {
  const node = el("div", "sheet", link.querySelector("img").cloneNode());
  Object.assign(node, { tabIndex: 0, role: "region", ariaLabel: link.dataset.title });
  return node;
}

function openLarge(link) {
  const frame = link.dataset.scene ? mapFrame(link.dataset.scene, link.dataset.title) : sheet(link);
  const close = el("button", "close", words.close);
  close.type = "button";
  const dialog = el("dialog", "large", close, frame);
  dialog.setAttribute("aria-label", link.dataset.title);
  close.addEventListener("click", () => dialog.close());
  // Keys that are pressed in a frame stay in it, so the map passes Esc on.
  const leave = (event) => {
    if (event.source === frame.contentWindow && event.data?.sitingLeave) dialog.close();
  };
  window.addEventListener("message", leave);
  dialog.addEventListener("close", () => {
    window.removeEventListener("message", leave);
    dialog.remove();
    link.focus();
  });
  document.body.append(dialog);
  dialog.showModal();
}

for (const figure of document.querySelectorAll("figure.table")) {
  const table = figure.querySelector("table");
  sortable(table);
  const clear = filterable(figure, table);
  // A link to a row must find it, whatever was filtered away.
  if (clear) window.addEventListener("hashchange", () => {
    if (table.querySelector(":target")?.closest("tr")?.hidden) clear();
  });
}

for (const link of document.querySelectorAll("a.still")) {
  link.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    openLarge(link);
  });
}

// What is folded away is on paper too.
let folded = [];
window.addEventListener("beforeprint", () => {
  folded = [...document.querySelectorAll("details:not([open])")];
  for (const one of folded) one.open = true;
});
window.addEventListener("afterprint", () => { for (const one of folded) one.open = false; });
document.documentElement.dataset.ready = "yes";
