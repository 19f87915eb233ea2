// Live captions: blocks of sound go to the kernel, one after the other, and words come back.
// At most `max_waiting` blocks are under way; what does not fit is dropped, counted, and shown.

const RESTARTED = "The connection to the kernel was interrupted (was it restarted?): the captions end here, so run the cells again.";
const PAUSE = 0.5; // s between two words, from which on a new line begins

function render({ model, el }) {
  let running = null; // what `capture` returned
  let problem = ""; // what the kernel says before the sound has begun
  let waiting = 0; // blocks that the kernel has not acknowledged
  let captured = 0; // samples
  let dropped = 0; // samples since the last block that was sent
  let droppedInAll = 0;
  let arrivals = []; // when each block came, in ms
  let latencies = [];
  let lastEnd = -Infinity;

  const button = make("button", { type: "button", textContent: "Start" });
  const { menu, refresh } = makeDeviceMenu(new Option("play the recording", "recording"));
  const meter = makeMeter();
  const count = make("span");
  const status = make("div", { role: "status" });
  const pending = make("span", { className: "ac-pending" });
  const page = make("div", { className: "ac-captions", role: "log", "aria-label": model.get("label") });
  const key = "Above each final word: seconds from its end to its appearance. Words in grey italics may still change.";
  makeRoot(el, model.get("label"), make("div", { className: "ac-row" }, button, menu, meter.element, count), status, page, make("small", { textContent: key }));

  // -- sound -----------------------------------------------------------------------------------------------------
  function onBlock(block) {
    captured += block.length;
    arrivals.push({ second: captured / running.rate, at: performance.now() });
    meter.show(block);
    if (waiting >= model.get("max_waiting")) {
      dropped += block.length;
      droppedInAll += block.length;
      const seconds = (droppedInAll / running.rate).toFixed(1);
      status.textContent = `${seconds} s of sound were dropped because the kernel was busy with other work.`;
      return;
    }
    waiting += 1;
    reach(model, { kind: "chunk", dropped }, block);
    dropped = 0;
  }

  // When the sound of a second of the stream was captured, in ms.
  function capturedAt(second) {
    const { second: end, at } = arrivals.find((arrival) => arrival.second >= second) ?? arrivals.at(-1);
    return at - 1000 * (end - second);
  }

  function fetchRecording() {
    return new Promise((resolve, reject) => {
      function receive(content, buffers) {
        if (content.kind !== "recording") return;
        model.off("msg:custom", receive);
        const { buffer, byteOffset, byteLength } = buffers[0];
        const integers = new Int16Array(buffer.slice(byteOffset, byteOffset + byteLength));
        resolve([Float32Array.from(integers, (value) => value / 32768), content.sr]);
      }
      model.on("msg:custom", receive);
      if (!reach(model, { kind: "play" })) reject(new Error(RESTARTED));
    });
  }

  async function start() {
    button.disabled = true;
    status.textContent = problem = "";
    let source = null;
    try {
      claimMicrophone(model);
      if (menu.value === "recording") source = openRecording(...(await fetchRecording()), stop);
      else source = await openMicrophone(menu.value, stop);
      waiting = captured = dropped = droppedInAll = 0;
      [arrivals, latencies, lastEnd] = [[], [], -Infinity];
      page.replaceChildren();
      if (!reach(model, { kind: "start", sr: source.context.sampleRate })) throw new Error(RESTARTED);
      running = { rate: source.context.sampleRate }; // the first block may come before `capture` returns
      running = await capture(source, onBlock);
    } catch (error) {
      running = null;
      source?.close();
      releaseMicrophone(model);
      status.textContent = error.message;
      return;
    } finally {
      button.disabled = false;
    }
    button.textContent = "Stop";
    refresh();
    if (problem) stop(problem);
  }

  async function stop(reason = "") {
    if (!running?.stop) {
      problem = reason;
      return;
    }
    const { rate, stop } = running;
    running = { rate }; // it stops once
    await stop();
    running = null;
    releaseMicrophone(model);
    reach(model, { kind: "stop" });
    meter.show();
    button.textContent = "Start";
    status.textContent = reason || status.textContent;
  }

  // -- words -----------------------------------------------------------------------------------------------------
  function show({ words, pending: open }) {
    for (const { word, start, end } of words) {
      const latency = (performance.now() - capturedAt(end)) / 1000;
      latencies.push(latency);
      if (start - lastEnd > PAUSE) page.append(make("p"));
      lastEnd = end;
      page.lastChild.append(make("ruby", {}, word, make("rt", { textContent: latency.toFixed(1) })), " ");
    }
    pending.textContent = open.join(" ");
    if (!page.lastChild) page.append(make("p"));
    page.lastChild.append(pending);
    const median = latencies.toSorted((a, b) => a - b)[Math.ceil(latencies.length / 2) - 1];
    count.textContent = latencies.length ? `${latencies.length} words, median latency ${median.toFixed(2)} s` : "";
  }

  model.on("msg:custom", (content) => {
    if (content.kind === "problem") stop(content.text);
    if (!content.words || !arrivals.length) return; // without arrivals, another view of this widget listens
    if (content.kind === "words") waiting -= 1;
    show(content);
  });
  model.on("comm_live_update", () => stop(RESTARTED));
  button.addEventListener("click", () => (running ? stop() : start()));
  refresh();
  return () => stop();
}

export default { render };
