// Read by payloads.test.ts into a page of chromium: looks at pages of ours as a browser does.

/** What no template writes: scripts of its own, event attributes, addresses that run, foreign sources. */
function auditAll(pages) {
  const strange = [];
  for (const text of pages) {
    const parsed = new DOMParser().parseFromString(text, "text/html");
    for (const element of parsed.querySelectorAll("*")) {
      const name = element.localName;
      const isForeign = [
        "object",
        "embed",
        "base",
        "svg",
        "math",
        "form",
        "link",
        "meta",
        "iframe",
        "script",
        "img",
      ].includes(name);
      // The bars of the page's own figures.
      if (element.closest("svg.bars") && ["svg", "rect"].includes(name)) continue;
      const isOurs = {
        form: element.getAttribute("method") === "get",
        link: /^(?:\/console\.css|data:,$)/.test(element.getAttribute("href") ?? ""),
        script: /^\/live\.js/.test(element.getAttribute("src") ?? "") && element.textContent === "",
        meta: !/url=/i.test(element.getAttribute("content") ?? ""),
        iframe: element.getAttribute("sandbox") === "" && !element.hasAttribute("src"),
        img: /^(?:cid|data):/.test(element.getAttribute("src") ?? "cid:"),
      }[name];
      if (isForeign && isOurs !== true) strange.push(element.outerHTML.slice(0, 300));
      for (const { name: attribute, value } of element.attributes) {
        const runs =
          /^on/.test(attribute) ||
          /^\s*(?:java|vb)script:|^\s*data:text/i.test(value.replace(/[\0-\x20]/g, ""));
        const isValue =
          attribute === "value" ||
          attribute === "title" ||
          attribute === "srcdoc" ||
          attribute.startsWith("data-");
        if (runs && !isValue) strange.push(element.outerHTML.slice(0, 300));
      }
    }
  }
  return strange.slice(0, 20);
}

/** Whether any of these pages, opened in a frame of the same origin, got hold of the top. */
async function openAll(pages) {
  for (let from = 0; from < pages.length; from += 40) {
    const frames = pages.slice(from, from + 40).map((text) => {
      const frame = document.createElement("iframe");
      const loaded = new Promise((done) => frame.addEventListener("load", done));
      frame.srcdoc = text;
      document.body.append(frame);
      return { frame, loaded };
    });
    await Promise.all(frames.map(({ loaded }) => loaded));
    for (const { frame } of frames) frame.contentWindow?.dispatchEvent(new Event("focus"));
    for (const { frame } of frames) frame.remove();
  }
  await new Promise((done) => setTimeout(done, 50));
  return "owned" in window;
}

globalThis.auditAll = auditAll;
globalThis.openAll = openAll;
