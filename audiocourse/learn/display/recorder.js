// A record button: record, look, play, trim, record again. The samples go to the kernel, which writes the file.

const PART = 2 ** 18; // samples in a message: servers refuse messages of more than 10 MB
const PATIENCE = 10_000; // ms
const UNANSWERED =
  "The kernel does not answer (is it busy, or was it restarted?), but the recording is still on this page: " +
  "save it with the link and drag the file into the folder recordings.";

// The bytes of a WAV file with 32-bit floats.
function wavOf(samples, rate) {
  const header = new DataView(new ArrayBuffer(44));
  [..."RIFF____WAVEfmt ____________________data"].forEach((letter, at) => header.setUint8(at, letter.charCodeAt(0)));
  header.setUint32(4, 36 + 4 * samples.length, true);
  header.setUint32(16, 16, true); // length of this chunk
  header.setUint16(20, 3, true); // floats
  header.setUint16(22, 1, true); // channels
  header.setUint32(24, rate, true);
  header.setUint32(28, 4 * rate, true); // bytes per second
  header.setUint16(32, 4, true); // bytes per frame
  header.setUint16(34, 32, true); // bits per sample
  header.setUint32(40, 4 * samples.length, true);
  return new Blob([header, samples], { type: "audio/wav" });
}

function drawWaveform(canvas, samples, start, end) {
  const [width, height] = [(canvas.width = 2 * canvas.clientWidth), (canvas.height = 2 * canvas.clientHeight)];
  const pen = canvas.getContext("2d");
  const peak = samples.reduce((high, value) => Math.max(high, Math.abs(value)), 0.01);
  pen.fillStyle = getComputedStyle(canvas).color;
  for (let x = 0; x < width; x++) {
    const [from, to] = [x, x + 1].map((edge) => Math.floor((edge / width) * samples.length));
    const high = samples.subarray(from, to).reduce((most, value) => Math.max(most, Math.abs(value)), 0) / peak;
    pen.globalAlpha = from >= start && to <= end ? 1 : 0.3; // what is trimmed is pale
    pen.fillRect(x, (height / 2) * (1 - high), 1, Math.max(1, height * high));
  }
}

function render({ model, el }) {
  const seconds = model.get("seconds");
  let blocks = []; // of the recording in progress
  let samples = new Float32Array(0);
  let rate = 0;
  let sent = samples; // the part of them that was sent to the kernel last
  let running = null; // what `capture` returned
  let playing = null;
  let timer = 0;
  let disconnected = false; // from the kernel

  const button = make("button", { type: "button", textContent: "Record" });
  const { menu, refresh } = makeDeviceMenu();
  const meter = makeMeter();
  const clock = make("span", { textContent: `0.0 / ${seconds.toFixed(1)} s` });
  const canvas = make("canvas", { role: "img", "aria-label": "waveform of the recording" });
  const [from, to] = ["start", "end"].map((name) => make("input", { type: "range", min: 0, step: 0.01, "aria-label": `${name} in seconds` }));
  const play = make("button", { type: "button", textContent: "Play" });
  const trim = make("button", { type: "button", textContent: "Keep only this part" });
  const range = make("span");
  const link = make("a", { textContent: "Save the recording", hidden: true, download: `${model.get("name")}.wav` });
  const status = make("div", { role: "status" });
  const trimming = make("div", { hidden: true }, canvas);
  trimming.append(make("div", { className: "ac-row" }, from, to, range), make("div", { className: "ac-row" }, play, trim));
  const controls = make("div", { className: "ac-row" }, button, menu, meter.element, clock);
  makeRoot(el, `record up to ${seconds} seconds`, controls, trimming, status, link);

  // -- record ----------------------------------------------------------------------------------------------------
  const limit = () => Math.round(seconds * rate);
  const recorded = () => blocks.reduce((sum, block) => sum + block.length, 0);

  function onBlock(block) {
    blocks.push(block);
    meter.show(block);
    clock.textContent = `${Math.min(seconds, recorded() / rate).toFixed(1)} / ${seconds.toFixed(1)} s`;
    if (recorded() >= limit()) stop();
  }

  async function start() {
    status.textContent = "";
    link.hidden = true;
    button.disabled = true;
    let source = null;
    try {
      claimMicrophone(model);
      source = await openMicrophone(menu.value, stop);
      blocks = [];
      rate = source.context.sampleRate;
      running = await capture(source, onBlock);
    } catch (error) {
      source?.close();
      releaseMicrophone(model);
      status.textContent = error.message;
      return;
    } finally {
      button.disabled = false;
    }
    trimming.hidden = true;
    button.textContent = "Stop";
    refresh();
  }

  async function stop(reason = "") {
    const stopping = running;
    if (!stopping) return;
    running = null;
    await stopping.stop();
    releaseMicrophone(model);
    meter.show();
    button.textContent = "Record again";
    samples = new Float32Array(recorded());
    blocks.reduce((at, block) => (samples.set(block, at), at + block.length), 0);
    samples = samples.slice(0, limit());
    if (!samples.length) {
      status.textContent = "The recording was stopped before it began: record again.";
      return;
    }
    [from.max, to.max] = [samples.length / rate, samples.length / rate];
    [from.value, to.value] = [0, samples.length / rate];
    trimming.hidden = false;
    draw();
    store(samples, reason);
  }

  // -- store -----------------------------------------------------------------------------------------------------
  function store(chosen, reason = "") {
    const of = Math.ceil(chosen.length / PART);
    const parts = Array.from({ length: of }, (_, index) => chosen.slice(index * PART, (index + 1) * PART));
    sent = chosen;
    status.textContent = `${reason} Sending the recording to the kernel …`.trim();
    const reached = parts.every((part, index) => reach(model, { kind: "part", index, of, sr: rate }, part));
    clearTimeout(timer);
    timer = setTimeout(() => offer(UNANSWERED), disconnected || !reached ? 0 : PATIENCE);
  }

  function offer(text) {
    status.textContent = text;
    link.href = URL.createObjectURL(wavOf(sent, rate));
    link.hidden = false;
  }

  function receive({ kind, text }) {
    clearTimeout(timer);
    status.textContent = text;
    link.hidden = true;
    if (kind === "problem") offer(text);
  }

  // -- trim and play ---------------------------------------------------------------------------------------------
  const selection = () => [from, to].map((slider) => Math.round(Number(slider.value) * rate));

  function draw() {
    const [start, end] = selection();
    range.textContent = `${Number(from.value).toFixed(2)} to ${Number(to.value).toFixed(2)} s`;
    trim.disabled = play.disabled = end <= start;
    drawWaveform(canvas, samples, start, end);
  }

  function toggle() {
    if (playing) {
      playing.stop();
      return;
    }
    const context = new AudioContext({ sampleRate: rate });
    const buffer = context.createBuffer(1, samples.length, rate);
    buffer.copyToChannel(samples, 0);
    playing = new AudioBufferSourceNode(context, { buffer });
    playing.connect(context.destination);
    playing.addEventListener("ended", () => {
      playing = null;
      play.textContent = "Play";
      context.close();
    });
    const [start, end] = selection();
    playing.start(0, start / rate, (end - start) / rate);
    play.textContent = "Pause";
  }

  button.addEventListener("click", () => (running ? stop() : start()));
  play.addEventListener("click", toggle);
  trim.addEventListener("click", () => store(samples.slice(...selection())));
  for (const slider of [from, to]) slider.addEventListener("input", draw);
  model.on("msg:custom", receive);
  model.on("comm_live_update", () => (disconnected = true));
  refresh();
  return () => stop(); // a cell that is run again while it records stores what it has
}

export default { render };
