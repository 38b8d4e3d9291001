// Says every twenty seconds that somebody is at work on the open case: only while the page can be
// seen, and for two minutes after the last key, click, scroll or movement.

const BEAT = 20_000;
const IDLE = 120_000;
const shown = document.querySelector("[data-here]");
let active = Date.now();

async function beat() {
  const token = document.querySelector("input[name=csrfmiddlewaretoken]")?.value;
  if (!token) return;
  const headers = { "X-CSRFToken": token };
  const answer = await fetch(shown.dataset.here, { method: "POST", headers, keepalive: true });
  if (!answer.ok) return;
  const { seconds } = await answer.json();
  shown.querySelector("[data-spent]").textContent = words(seconds);
  shown.hidden = seconds < 1;
}

function words(seconds) {
  if (seconds < 60) return `${seconds}s`;
  const minutes = Math.floor(seconds / 60);
  return minutes < 60 ? `${minutes}m` : `${Math.floor(minutes / 60)}h ${minutes % 60}m`;
}

if (shown) {
  for (const kind of ["keydown", "pointerdown", "pointermove", "scroll", "touchstart"]) {
    addEventListener(kind, () => (active = Date.now()), { passive: true, capture: true });
  }
  const working = () => document.visibilityState === "visible" && Date.now() - active < IDLE;
  const quietly = () => beat().catch(() => {});
  setInterval(() => working() && quietly(), BEAT);
  // What was done since the last beat counts also when the page is left.
  document.addEventListener("visibilitychange", () => {
    if (Date.now() - active < IDLE) quietly();
  });
  if (working()) quietly();
}
