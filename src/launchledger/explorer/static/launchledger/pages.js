// What pages do with scripts: times in the reader's zone, a running countdown, and tips on the marks of plots.
// Without scripts all of it is there: times in UTC, how long it is to net, and titles of the marks.
"use strict";

const pad = (number) => String(number).padStart(2, "0");

// Times: those with a time of day are shown in the reader's zone too, if that is another one.
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
const local = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });
for (const time of document.querySelectorAll("time.exact")) {
  const at = new Date(time.dateTime);
  if (Number.isNaN(at.getTime())) continue;
  const written = `${local.format(at)}, ${zone}`;
  time.title = written;
  if (at.getTimezoneOffset() && time.closest(".lead")) {
    const shown = document.createElement("span");
    shown.className = "local";
    shown.textContent = ` (${written})`;
    time.after(shown);
  }
}

// The countdown, by the second where net is exact to the minute, else as the server wrote it.
for (const shown of document.querySelectorAll(".to-go[data-net]")) {
  if (!["SEC", "MIN"].includes(shown.dataset.precision)) continue;
  const net = Date.parse(shown.dataset.net);
  const tick = () => {
    const seconds = Math.round((net - Date.now()) / 1000);
    const left = Math.abs(seconds);
    const days = Math.floor(left / 86400);
    const clock = [left / 3600 % 24, left / 60 % 60, left % 60].map((part) => pad(Math.floor(part))).join(":");
    shown.textContent = `T${seconds > 0 ? "−" : "+"}${days ? `${days} d ` : ""}${clock}`;
  };
  shown.setAttribute("role", "timer");
  tick();
  setInterval(tick, 1000);
}

// Tips: the title of a mark, at once and beside the pointer or the focused mark.
const tip = document.createElement("div");
tip.className = "tip";
tip.hidden = true;
document.body.append(tip);
const show = (event) => {
  const mark = event.target.closest?.(".chart rect, .chart circle, .chart path, .chart a");
  const title = mark?.querySelector("title");
  tip.hidden = !title;
  if (!title) return;
  tip.textContent = title.textContent;
  const box = mark.getBoundingClientRect();
  const x = event.clientX ?? box.x, y = event.clientY ?? box.y;
  // Positions are set through the object model, which the policy of the page allows.
  tip.style.left = `${Math.min(x + 12, window.innerWidth - tip.offsetWidth - 8)}px`;
  tip.style.top = `${Math.min(y + 16, window.innerHeight - tip.offsetHeight - 8)}px`;
};
for (const kind of ["pointerover", "focusin"]) document.addEventListener(kind, show);
document.addEventListener("keydown", (event) => { if (event.key === "Escape") tip.hidden = true; });
