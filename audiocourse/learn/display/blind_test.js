// A blind listening test: plays the sounds of one trial in step, sends each answer to the kernel, shows the result.
// The order is in the kernel. Keys: the letters play and switch at the same moment, the arrows choose, Enter answers.
// Begins with parts.js.
const WORDS = ["bad", "poor", "fair", "good", "excellent"]; // the scale of BS.1534: a word for each 20 points
const FULL_SCALE = 32767;

function render({ model, el }) {
  const status = makeStatus();
  const body = make("div", {});
  const root = makeRoot("listening test", make("p", {}, make("strong", { textContent: model.get("question") })), status, body);
  el.append(root);

  // -- sound -----------------------------------------------------------------------------------------------------
  const context = () => (window.audiocourseContext ||= new AudioContext());
  let buffers = {};
  let heard = new Set(); // keys played in this trial
  let playing = null; // { key, gains, sources }

  function decode(view, channels) {
    const samples = new Int16Array(view.buffer.slice(view.byteOffset, view.byteOffset + view.byteLength)); // it may begin at an odd byte
    const length = samples.length / channels;
    const buffer = new AudioBuffer({ length, numberOfChannels: channels, sampleRate: model.get("sr") });
    for (let channel = 0; channel < channels; channel++) {
      const part = samples.subarray(channel * length, (channel + 1) * length);
      buffer.copyToChannel(Float32Array.from(part, (value) => value / FULL_SCALE), channel);
    }
    return buffer;
  }

  function stop() {
    playing?.sources.forEach((source) => source.stop());
    playing = null;
    mark();
  }

  async function play(key) {
    heard.add(key);
    const audio = context();
    await audio.resume();
    if (playing && playing.key !== key) {
      playing.key = key; // the others play on in silence, so the switch is at the same moment
      for (const [name, gain] of Object.entries(playing.gains)) gain.gain.setTargetAtTime(name === key ? 1 : 0, audio.currentTime, 0.003);
      return mark();
    }
    stop();
    if (window.audiocoursePlaying && window.audiocoursePlaying !== stop) window.audiocoursePlaying();
    window.audiocoursePlaying = stop;
    const begin = audio.currentTime + 0.02;
    const run = { key, gains: {}, sources: [] };
    for (const [name, buffer] of Object.entries(buffers)) {
      const source = new AudioBufferSourceNode(audio, { buffer });
      run.gains[name] = new GainNode(audio, { gain: name === key ? 1 : 0 });
      source.connect(run.gains[name]).connect(audio.destination);
      source.start(begin);
      run.sources.push(source);
    }
    run.sources[0].onended = () => playing === run && stop();
    playing = run;
    mark();
  }

  // -- page ------------------------------------------------------------------------------------------------------
  let trial = null;
  const keys = () => [...body.querySelectorAll("[data-key]")];
  const choices = () => [...body.querySelectorAll("[data-choice]")];
  const mark = () => keys().forEach((button) => button.setAttribute("aria-pressed", playing?.key === button.dataset.key));

  let patience = null;

  function ask(message) {
    patience = setTimeout(() => (status.textContent = "Waiting for the kernel. If it was restarted, run the cell again."), 1500);
    model.send(message);
  }

  function answer(value) {
    const missing = trial.keys.filter((key) => !trial.captions[key] && !heard.has(key));
    if (missing.length) {
      status.textContent = `Listen first: ${missing.join(", ")} ${missing.length > 1 ? "have" : "has"} not been played.`;
      return;
    }
    stop();
    const number = trial.trial;
    trial = null;
    body.querySelectorAll("button, input").forEach((node) => (node.disabled = true));
    ask({ trial: number, answer: value });
  }

  function keyButton(key) {
    const caption = trial.captions[key];
    const button = make("button", { type: "button", textContent: caption ? `${key}: ${caption}` : key, onclick: () => play(key) });
    button.dataset.key = key;
    button.setAttribute("aria-label", `play ${key}${caption ? `, ${caption}` : ""}`);
    return button;
  }

  function slider(key) {
    const input = make("input", { type: "range", min: 0, max: 100, step: 1, value: 50 });
    const words = make("output", {});
    const say = () => {
      words.textContent = `${input.value}, ${WORDS[Math.min(4, Math.floor(input.value / 20))]}`;
      input.setAttribute("aria-valuetext", words.textContent);
    };
    input.setAttribute("aria-label", `rating of ${key}`);
    input.oninput = say;
    say();
    return make("div", { className: "ac-row" }, keyButton(key), input, words);
  }

  function showTrial() {
    const number = `Trial ${trial.trial + 1} of ${model.get("trials")}`;
    status.textContent = `${number}. Keys: ${trial.keys.join(", ")} play, ${trial.choices.length ? "the arrow keys choose, Enter answers" : "the arrow keys rate"}.`;
    const unrated = trial.keys.filter((key) => !trial.rated.includes(key));
    const sliders = trial.rated.map(slider);
    const buttons = trial.choices.map((text, choice) => {
      const button = make("button", { type: "button", textContent: text, onclick: () => answer(choice) });
      button.dataset.choice = choice;
      return button;
    });
    if (sliders.length) {
      const ratings = () => sliders.map((row) => Number(row.querySelector("input").value));
      buttons.push(make("button", { type: "button", textContent: "Done", onclick: () => answer(ratings()) }));
    }
    body.replaceChildren(make("div", {}, ...unrated.map(keyButton)), ...sliders, make("div", {}, ...buttons));
    mark();
    root.focus({ preventScroll: true });
  }

  function showResult(lines) {
    status.textContent = "The test is over. To take it again, run the cell again.";
    body.replaceChildren(...lines.map((textContent) => make("p", { textContent })));
    root.focus({ preventScroll: true });
  }

  root.addEventListener("keydown", (event) => {
    const key = event.key.toUpperCase();
    const plain = !(event.ctrlKey || event.metaKey || event.altKey);
    if (plain && trial && key in buffers) play(key);
    else if (plain && event.key === "Escape") stop();
    else if (!trial || !moveFocus(event, choices())) return;
    event.preventDefault();
    event.stopPropagation();
  });

  function receive(message, views) {
    stop();
    clearTimeout(patience);
    if (message.result) return showResult(message.result);
    trial = message;
    heard = new Set();
    buffers = Object.fromEntries(message.keys.map((key, number) => [key, decode(views[number], message.channels)]));
    return showTrial();
  }

  model.on("msg:custom", receive);
  status.textContent = "Use headphones in a quiet room. Set the volume now, and leave it there for all trials.";
  body.append(make("button", { type: "button", textContent: "Begin", onclick: () => ask({}) }));
  return () => {
    stop();
    model.off("msg:custom", receive);
  };
}

export default { render };
