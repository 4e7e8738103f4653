// The page's only script: asks every few seconds whether anything changed, and only then swaps the content in.

(() => {
  const everyMs = 3000;
  let pulse = document.documentElement.dataset.pulse;
  const keys = (root) => new Set([...root.querySelectorAll("[data-key]")].map((row) => row.dataset.key));
  const openDetails = (root) => [...root.querySelectorAll("details")].map((one) => one.open);

  // A person who types, selects or reads a preview must not have the page pulled away under them.
  const busy = () => {
    const active = document.activeElement;
    if (active?.closest("main input, main select, main iframe")) return true;
    return String(getSelection()).length > 0;
  };

  async function refresh() {
    const answer = await fetch(location.href, { headers: { accept: "text/html" } });
    if (!answer.ok) return;
    const next = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const name of ["header", "main", "footer"]) {
      const old = document.querySelector(name);
      const fresh = next.querySelector(name);
      if (!old || !fresh || old.innerHTML === fresh.innerHTML) continue;
      const before = keys(old);
      openDetails(old).forEach((open, at) => {
        const one = fresh.querySelectorAll("details")[at];
        if (one && open) one.open = true;
      });
      if (before.size > 0) {
        for (const row of fresh.querySelectorAll("[data-key]"))
          if (!before.has(row.dataset.key)) row.classList.add("arrived");
      }
      const scrolled = old.querySelector("nav")?.scrollLeft ?? 0;
      old.replaceWith(document.adoptNode(fresh));
      const nav = fresh.querySelector("nav");
      if (nav) nav.scrollLeft = scrolled;
    }
    document.title = next.title;
  }

  async function look() {
    try {
      if (!document.hidden && !busy()) {
        const answer = await fetch("/pulse", { cache: "no-store" });
        const now = await answer.text();
        if (answer.ok && now !== pulse) {
          await refresh();
          pulse = now;
        }
      }
    } catch {
      // The service is restarting: the next look finds it again.
    }
    setTimeout(look, everyMs);
  }
  document.querySelector("nav [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
  setTimeout(look, everyMs);
})();
