// The palette: Ctrl or Cmd with K asks /search/ for a fragment and walks through its links.

// Looked up at each use: going back puts another document under this module, with a dialog of its own.
const dialog = () => document.querySelector("[data-palette]");
const input = () => dialog().querySelector("input[name=q]");
const list = () => dialog().querySelector("[data-palette-list]");
const SETTLE = 140;
let timer = 0;
let asking = null;
let chosen = -1;

const options = () => [...list().querySelectorAll("a")];

function choose(index) {
  const all = options();
  chosen = all.length ? (index + all.length) % all.length : -1;
  all.forEach((option, i) => option.setAttribute("aria-selected", String(i === chosen)));
  const current = all[chosen];
  if (current) {
    input().setAttribute("aria-activedescendant", current.id);
    current.scrollIntoView({ block: "nearest" });
  } else {
    input().removeAttribute("aria-activedescendant");
  }
}

function say(sentence) {
  const line = document.createElement("p");
  line.textContent = sentence;
  list().replaceChildren(line);
  choose(-1);
}

async function ask() {
  asking?.abort();
  asking = new AbortController();
  const address = new URL(input().form.action);
  for (const [name, value] of new FormData(input().form)) address.searchParams.set(name, value);
  address.searchParams.set("partial", "palette");
  try {
    const answer = await fetch(address, { signal: asking.signal, headers: { "HX-Request": "true" } });
    if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
    list().innerHTML = await answer.text();
    options().forEach((option, i) => { option.id = `palette-${i}`; });
    choose(0);
  } catch (problem) {
    if (problem.name !== "AbortError") say("No answer just now. Enter opens the search page.");
  }
}

function open() {
  if (!dialog() || dialog().open) return;
  dialog().showModal();
  input().select();
  ask();
}

function walk(event) {
  if (event.isComposing) return;
  if (event.key === "ArrowDown") choose(chosen + 1);
  else if (event.key === "ArrowUp") choose(chosen - 1);
  else if (event.key === "Enter" && options()[chosen]) options()[chosen].click();
  // Left to itself, a search field only forgets what was typed.
  else if (event.key === "Escape") dialog().close();
  else return;
  event.preventDefault();
}

const inPalette = (event) => event.target instanceof Element && event.target.closest("[data-palette]");

document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === "k") {
    event.preventDefault();
    open();
  } else if (inPalette(event) && event.target === input()) {
    walk(event);
  }
});
document.addEventListener("input", (event) => {
  if (!inPalette(event)) return;
  clearTimeout(timer);
  timer = setTimeout(ask, SETTLE);
});
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-palette-open]")) open();
  if (event.target.matches("[data-palette]")) event.target.close();
});
// A dialog's close does not bubble.
document.addEventListener("close", (event) => {
  if (!inPalette(event)) return;
  clearTimeout(timer);
  asking?.abort();
}, true);
// What is kept for going back must not hold an open dialog.
document.addEventListener("htmx:beforeHistorySave", () => dialog()?.close());
