// Small comforts on every page: shortcuts, theme, copying, closing what was opened. Nothing depends on them.

const YEAR = 31536000;
const root = document.documentElement;
const typing = (target) => target instanceof HTMLElement && target.closest("input, select, textarea, [contenteditable]");

function step(by) {
  const rows = [...document.querySelectorAll("[data-rows] [data-row]")];
  const links = rows.map((row) => (row.matches("a") ? row : row.querySelector("a, summary"))).filter(Boolean);
  if (!links.length) return;
  const at = links.findIndex((link) => link === document.activeElement);
  const next = at < 0 ? (by > 0 ? 0 : links.length - 1) : Math.min(Math.max(at + by, 0), links.length - 1);
  links[next].focus();
  links[next].scrollIntoView({ block: "nearest" });
}

const keys = {
  "j": () => step(1),
  "k": () => step(-1),
  "/": () => (document.querySelector("[data-filter]") ?? document.querySelector("[data-search]"))?.focus(),
  "?": () => document.querySelector("[data-help]")?.showModal(),
};

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") leavePop();
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  if (document.querySelector("dialog[open]") || !Object.hasOwn(keys, event.key)) return;
  event.preventDefault();
  keys[event.key]();
});

const opened = () => [...document.querySelectorAll("details.pop[open], details.menu[open]")];

function closePops(inside) {
  for (const pop of opened()) if (!pop.contains(inside)) pop.open = false;
}

// Whoever was in what Escape closes goes on from the button that opened it.
function leavePop() {
  const left = opened().find((pop) => pop.contains(document.activeElement));
  closePops(null);
  left?.querySelector("summary").focus();
}

function showTheme(name) {
  if (name) root.dataset.theme = name;
  else delete root.dataset.theme;
  for (const button of document.querySelectorAll("[data-theme-set]")) {
    button.setAttribute("aria-pressed", String(button.dataset.themeSet === (name ?? "")));
  }
}

function keepTheme(name) {
  document.cookie = `theme=${name}; path=/; max-age=${name ? YEAR : 0}; samesite=lax`;
  showTheme(name);
}

async function copy(button) {
  const source = document.getElementById(button.dataset.copy);
  const text = source ? source.textContent : location.href;
  const label = button.querySelector("[data-label]");
  const before = label.textContent;
  try {
    await navigator.clipboard.writeText(text);
    label.textContent = "Copied";
  } catch {
    label.textContent = "Not allowed here";
  }
  setTimeout(() => { label.textContent = before; }, 1600);
}

document.addEventListener("click", (event) => {
  closePops(event.target);
  const theme = event.target.closest("[data-theme-set]");
  if (theme) keepTheme(theme.dataset.themeSet);
  const copier = event.target.closest("[data-copy]");
  if (copier) copy(copier);
  if (event.target.closest("[data-help-open]")) document.querySelector("[data-help]")?.showModal();
  if (event.target.closest("[data-print]")) window.print();
  if (event.target.matches("dialog[data-help]")) event.target.close();
});

document.addEventListener("change", (event) => {
  if (event.target.matches("[data-submit-on-change]")) event.target.form.requestSubmit();
});

document.addEventListener("htmx:sendError", () => {
  const flash = document.getElementById("flash");
  flash.textContent = "No answer. What you see is what was loaded before; try again in a moment.";
  flash.className = "callout is-warn";
});

showTheme(root.dataset.theme ?? "");
