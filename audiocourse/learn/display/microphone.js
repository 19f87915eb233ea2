// The browser's microphone as blocks of samples; recorder.js and live.js build on it.
// An error thrown here has a message of one sentence, which is shown as it is.

const BLOCK_SECONDS = 0.1;
const ELSEWHERE = "or drag a sound file into the folder recordings";
const INSECURE =
  "Browsers allow the microphone only on pages from https or localhost, and this page is from neither: " +
  `ask for an https address, ${ELSEWHERE}.`;
const TAKEN = "This page is listening already: stop the other recording or captions first; nothing of them will be lost.";
const GONE = "The microphone was unplugged or switched off: everything up to then is kept.";
const REFUSED = `The browser blocks the microphone: allow it with the icon in the address bar and try again, ${ELSEWHERE}.`;
const REASONS = {
  NotAllowedError: REFUSED,
  SecurityError: REFUSED,
  NotFoundError: `There is no microphone: connect one and try again, ${ELSEWHERE}.`,
  OverconstrainedError: "This microphone is no longer there: choose another one in the menu.",
  NotReadableError: "The microphone cannot be read: close other programs that use it, and try again.",
};

// Runs in the audio thread: joins the 128 samples of each call to blocks. Any message ends it: the last samples, then null.
const WORKLET = `registerProcessor("capture", class extends AudioWorkletProcessor {
  constructor({ processorOptions: { length } }) {
    super();
    this.block = new Float32Array(length);
    this.filled = 0;
    this.running = true;
    this.port.onmessage = () => {
      this.post();
      this.port.postMessage(null);
      this.running = false;
    };
  }
  post() {
    this.port.postMessage(this.block.slice(0, this.filled));
    this.filled = 0;
  }
  process([[samples]]) {
    for (const value of this.running && samples ? samples : []) {
      this.block[this.filled++] = value;
      if (this.filled === this.block.length) this.post();
    }
    return this.running;
  }
});`;

// -- sources: { context, node, begin, close }; `ended` is called when one ends by itself, with a reason or without ------
async function openMicrophone(device, ended) {
  if (!navigator.mediaDevices) throw new Error(INSECURE);
  const audio = { echoCancellation: false, noiseSuppression: false, autoGainControl: false };
  if (device) audio.deviceId = { exact: device };
  const stream = await navigator.mediaDevices.getUserMedia({ audio }).catch((error) => {
    throw new Error(REASONS[error.name] ?? `The microphone cannot be opened (${error.message}).`);
  });
  const context = new AudioContext();
  const node = context.createMediaStreamSource(stream);
  stream.getAudioTracks()[0].addEventListener("ended", () => ended(GONE));
  return { context, node, begin() {}, close: () => stream.getTracks().forEach((track) => track.stop()) };
}

// A recording that is played, not louder than −6 dBFS, at its own pace and rate.
function openRecording(samples, rate, ended) {
  const context = new AudioContext({ sampleRate: rate });
  const buffer = context.createBuffer(1, samples.length, rate);
  buffer.copyToChannel(samples, 0);
  const node = new AudioBufferSourceNode(context, { buffer });
  const peak = samples.reduce((high, value) => Math.max(high, Math.abs(value)), 0);
  node.connect(new GainNode(context, { gain: Math.min(1, 0.5 / peak) })).connect(context.destination);
  node.addEventListener("ended", () => ended(""));
  return { context, node, begin: () => node.start(), close() {} };
}

// Deliver the blocks of a source until `stop`, which resolves when the last one has been delivered.
async function capture(source, onBlock) {
  const { context } = source;
  const address = URL.createObjectURL(new Blob([WORKLET], { type: "text/javascript" }));
  await context.audioWorklet.addModule(address);
  URL.revokeObjectURL(address);
  const options = {
    channelCount: 1, // several channels are mixed into one
    channelCountMode: "explicit",
    processorOptions: { length: Math.round(BLOCK_SECONDS * context.sampleRate) },
  };
  const worklet = new AudioWorkletNode(context, "capture", options);
  const done = new Promise((resolve) => {
    worklet.port.onmessage = ({ data }) => (data ? onBlock(data) : resolve());
  });
  source.node.connect(worklet).connect(context.destination); // it is silent; unconnected nodes are not run everywhere
  await context.resume();
  source.begin();
  async function stop() {
    worklet.port.postMessage("stop");
    await done;
    source.close();
    await context.close();
  }
  return { rate: context.sampleRate, stop };
}

// -- one page, one microphone ------------------------------------------------------------------------------------------
function claimMicrophone(owner) {
  if (window.audiocourseMicrophone) throw new Error(TAKEN);
  window.audiocourseMicrophone = owner;
  window.audiocoursePlaying?.(); // a player would be recorded
}

function releaseMicrophone(owner) {
  if (window.audiocourseMicrophone === owner) window.audiocourseMicrophone = null;
}

// Send a message with samples to the kernel; false where the connection is closed, which JupyterLab reports as an error.
function reach(model, content, samples) {
  try {
    model.send(content, undefined, samples ? [samples.buffer] : []);
    return true;
  } catch {
    return false;
  }
}

// -- parts of a page ---------------------------------------------------------------------------------------------------
const STYLE = `
.ac-mic { color: var(--jp-content-font-color1, CanvasText); font-family: var(--jp-content-font-family, sans-serif); }
.ac-mic .ac-row { display: flex; flex-wrap: wrap; gap: 0.6em; align-items: center; margin: 0.4em 0; }
.ac-mic [hidden] { display: none; }
.ac-mic button, .ac-mic select { font: inherit; padding: 0.2em 0.8em; color: inherit;
  background: var(--jp-layout-color2, ButtonFace); border: 1px solid currentColor; border-radius: 3px; }
.ac-mic button:disabled { opacity: 0.5; }
.ac-mic :focus-visible { outline: 2px solid var(--jp-brand-color1, Highlight); outline-offset: 2px; }
.ac-mic [role=meter] { width: 10em; height: 0.8em; border: 1px solid currentColor; }
.ac-mic [role=meter] div { height: 100%; width: 0; background: var(--jp-success-color1, #388e3c); }
.ac-mic [role=meter].ac-high div { background: var(--jp-error-color1, #d32f2f); }
.ac-mic canvas { width: 36em; max-width: 100%; height: 5em; }
.ac-mic input[type=range] { width: 16em; }
.ac-mic .ac-captions { font-size: 1.2em; line-height: 2.2; }
.ac-mic .ac-captions p { margin: 0; }
.ac-mic .ac-pending { color: var(--jp-content-font-color2, GrayText); font-style: italic; }
.ac-mic rt { font-size: 0.6em; }
`;

// Make an element: its properties, its attributes (names with a dash, role), its children.
function make(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name.includes("-") || name === "role") element.setAttribute(name, value);
    else element[name] = value;
  }
  element.append(...children);
  return element;
}

function makeRoot(el, label, ...rows) {
  const root = make("div", { className: "ac-mic", role: "group", "aria-label": label, "data-lm-suppress-shortcuts": "true" });
  root.append(make("style", { textContent: STYLE }), ...rows);
  el.append(root);
}

// A level meter from −60 to 0 dBFS, red where samples reach full scale; `show` takes a block, or nothing.
function makeMeter() {
  const bar = make("div");
  const range = { role: "meter", "aria-label": "level in dBFS", "aria-valuemin": -60, "aria-valuemax": 0, "aria-valuenow": -60 };
  const element = make("div", range, bar);
  function show(block = []) {
    const peak = block.reduce((high, value) => Math.max(high, Math.abs(value)), 0);
    const level = Math.max(-60, Math.min(0, 20 * Math.log10(peak)));
    bar.style.width = `${(100 * (level + 60)) / 60}%`;
    element.classList.toggle("ac-high", peak >= 0.999);
    element.setAttribute("aria-valuenow", Math.round(level));
  }
  return { element, show };
}

// A menu of microphones; their names are known once one of them has been allowed.
function makeDeviceMenu(...others) {
  const menu = make("select", { "aria-label": "microphone" }, new Option("default microphone", ""), ...others);
  async function refresh() {
    const devices = (await navigator.mediaDevices?.enumerateDevices()) ?? [];
    const named = devices.filter(({ kind, deviceId, label }) => kind === "audioinput" && label && deviceId !== "default");
    const chosen = menu.value;
    menu.replaceChildren(menu.options[0], ...named.map(({ label, deviceId }) => new Option(label, deviceId)), ...others);
    menu.value = chosen;
    if (menu.selectedIndex < 0) menu.selectedIndex = 0;
  }
  return { menu, refresh };
}
