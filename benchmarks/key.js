/**
 * Waits for the next key and then for a new picture inside an element; keeps the time between, in ms, as `answer`.
 * @param {Element} region
 */
(region) => {
  const picture = () => region.querySelector("img, .sm-figure svg, svg");
  const before = picture();
  const source = before?.src;
  let start = 0;
  window.addEventListener("keydown", (event) => (start = event.timeStamp), { capture: true, once: true });
  globalThis.answer = new Promise((resolve, reject) => {
    setTimeout(() => reject(new Error("no new picture within 30 s")), 30_000);
    const observer = new MutationObserver(async () => {
      const now = picture();
      if (!start || !now || (now === before && now.src === source)) return;
      observer.disconnect();
      await now.decode?.();
      resolve(performance.now() - start);
    });
    observer.observe(region, { childList: true, subtree: true, attributes: true, attributeFilter: ["src"] });
  });
}
