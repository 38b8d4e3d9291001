// Comfort only: every page works without this file. No inline handlers, no eval (strict CSP).

const typing = (target) =>
  target instanceof Element && target.closest("input:not([type=radio]), textarea, select, [contenteditable]");

// Ctrl/Cmd+Enter presses the visible main button of the composer.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
  const form = event.target instanceof Element && event.target.closest("form[data-composer]");
  if (!form) return;
  const button = [...form.querySelectorAll("button[data-main]")].find((one) => one.offsetParent);
  if (!button) return;
  event.preventDefault();
  form.requestSubmit(button);
});

// j / k move through the queue, r and n put the cursor into the composer, s opens "solve".
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  if (event.key === "j" || event.key === "k") move(event.key === "j" ? 1 : -1);
  else if (event.key === "r" || event.key === "n") write(event.key === "n", event);
  else if (event.key === "s") document.querySelector("[data-key=s]")?.click();
});

function move(step) {
  const links = [...document.querySelectorAll(".queue-row a")];
  if (!links.length) return;
  const at = links.findIndex((link) => link === document.activeElement);
  const from = at >= 0 ? at : links.findIndex((link) => link.getAttribute("aria-current"));
  links[Math.min(links.length - 1, Math.max(0, from + step))].focus();
}

function write(note, event) {
  const radio = document.getElementById(note ? "kind-note" : "kind-reply");
  if (!radio) return;
  event.preventDefault();
  radio.checked = true;
  document.getElementById(note ? "note-body" : "reply-body").focus();
}

// Copy buttons are hidden until there is a script that can serve them.
function showCopyButtons(root) {
  if (!navigator.clipboard) return;
  for (const button of root.querySelectorAll("[data-copy][hidden]")) button.hidden = false;
}
document.addEventListener("click", async (event) => {
  const button = event.target instanceof Element && event.target.closest("[data-copy]");
  if (!button) return;
  await navigator.clipboard.writeText(button.dataset.copy);
  const use = button.querySelector("use");
  const before = use.getAttribute("href");
  use.setAttribute("href", before.replace(/#.*/, "#check"));
  setTimeout(() => use.setAttribute("href", before), 1200);
});

// A refresh must not take the keyboard focus away from the queue.
let focused = null;
document.addEventListener("htmx:beforeSwap", (event) => {
  const active = document.activeElement;
  focused = event.detail.target.contains(active) ? active.getAttribute("href") : null;
});
document.addEventListener("htmx:afterSettle", (event) => {
  showCopyButtons(document);
  if (focused) document.querySelector(`a[href="${CSS.escape(focused)}"]`)?.focus();
  if (event.detail.target?.id === "composer") document.getElementById("reply-body")?.focus();
  focused = null;
});

// One double click is one message.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("[data-composer]") || event.defaultPrevented) return;
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "1";
});
// The page may come back from the history cache with the mark still on it.
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("[data-sent]")) delete form.dataset.sent;
});

// Seconds left to take a reply back; the server says when it is over.
setInterval(() => {
  for (const one of document.querySelectorAll("[data-countdown]")) {
    const left = Number(one.dataset.countdown) - 1;
    if (left < 0) continue;
    one.dataset.countdown = left;
    one.textContent = left;
    if (left === 0) one.closest(".delivery")?.querySelector("button")?.setAttribute("disabled", "");
  }
}, 1000);

// The newest message is what an agent came for.
const thread = document.getElementById("thread");
const newest = thread && [...thread.querySelectorAll("article")].at(-1);
if (newest && !location.hash) thread.scrollTop = newest.offsetTop - thread.offsetTop - 12;
showCopyButtons(document);
