/**
 * Moves the controls of an explorer on its page and times each change.
 * @param {{id: string, count: number}} options `id` of the explorer, `count` of changes
 * @returns {Promise<{worked: number[], painted: number[]}>} in ms: until handler, style and layout are done; until two
 *   animation frames have come
 */
async ({ id, count }) => {
  const root = document.querySelector(`.sm-explorer[data-explorer="${id}"]`);
  const skip = [...root.querySelectorAll(".sm-gate button")].find((button) => button.textContent.startsWith("Skip"));
  skip?.click();
  const figure = root.querySelector(".sm-figure");
  const wait = (/** @type {number} */ ms) => new Promise((resolve) => setTimeout(resolve, ms));
  const frame = () => new Promise(requestAnimationFrame);
  const open = (/** @type {HTMLInputElement} */ input) => !input.disabled;

  /** One action for each control: goes to its next option, round and round. */
  const ahead = (/** @type {number} */ at, /** @type {number} */ length) => (at + 1) % length;
  const sliders = [...root.querySelectorAll(".sm-controls input[type=range]")].map((input) => () => {
    input.value = ahead(Number(input.value), Number(input.max) + 1);
    input.dispatchEvent(new Event("input", { bubbles: true }));
  });
  const radios = [...root.querySelectorAll(".sm-controls .sm-radios")].map((group) => () => {
    const inputs = [...group.querySelectorAll("input")].filter(open);
    const next = inputs[ahead(inputs.findIndex((input) => input.checked), inputs.length)];
    next.checked = true;
    next.dispatchEvent(new Event("change", { bubbles: true }));
  });
  const selects = [...root.querySelectorAll(".sm-controls select")].map((select) => () => {
    const options = [...select.options].filter(open);
    select.value = options[ahead(options.indexOf(select.selectedOptions[0]), options.length)].value;
    select.dispatchEvent(new Event("change", { bubbles: true }));
  });
  const toggles = [...root.querySelectorAll(".sm-controls .sm-toggle input")].map((input) => () => input.click());
  const moves = [...sliders, ...radios, ...selects, ...toggles];

  /** Whether the frame was replaced within the microtasks that follow an event. */
  const shown = async (/** @type {Node} */ old) => {
    for (let i = 0; i < 1000 && figure.firstChild === old; i++) await null;
    return figure.firstChild !== old;
  };

  root.scrollIntoView();
  for (let tries = 0, old = figure.firstChild; figure.firstChild === old; tries++) {
    if (tries > 100) throw new Error(`${id}: no frame came`);
    moves[0]();
    await wait(100); // the frames are loaded and unpacked at the first change
  }
  const worked = [];
  const painted = [];
  for (let i = 0; i < count; i++) {
    await wait(5 + (7 * i) % 30); // anywhere within a frame of the screen
    const old = figure.firstChild;
    const start = performance.now();
    moves[i % moves.length]();
    if (!(await shown(old))) continue; // an impossible state, which draws nothing
    void root.offsetHeight; // style and layout now
    worked.push(performance.now() - start);
    await frame();
    await frame();
    painted.push(performance.now() - start);
  }
  return { worked, painted };
}
