// A player: a cursor on every time axis of a figure (or on a waveform), seeking, loops, and versions in step.
// Everything that it needs lies in its own <figure>; where scripts are not run, the plain players in it stay visible.
// In a stored notebook only the first output brings this script and each sound: the others wait for it and look there.
((player) => {
  const waiting = Array.isArray(window.audiocoursePlayers) ? window.audiocoursePlayers : [];
  window.audiocoursePlayers = { push: player };
  [...waiting, document.currentScript.parentElement].forEach(player);
})((root) => {
  if (!root || root.dataset.ready) return;
  root.dataset.ready = "yes";
  const plan = JSON.parse(root.dataset.plan);
  const stage = root.querySelector(".ac-stage");
  const players = [...root.querySelectorAll("[data-sound]")];
  const state = { playing: false, offset: 0, begun: 0, version: 0, loop: null, sources: [], gains: [] };
  let buffers = null;

  // -- controls ----------------------------------------------------------------------------------------------------
  function element(name, properties, ...children) {
    const made = Object.assign(document.createElement(name), properties);
    made.append(...children);
    return made;
  }

  const button = element("button", { type: "button" });
  const slider = element("input", { type: "range", min: 0, max: plan.seconds, step: 0.01, value: 0 });
  slider.setAttribute("aria-label", "position in seconds");
  const clock = element("output");
  const choices = plan.labels.map((label, number) =>
    element("button", { type: "button", role: "radio", textContent: `${number + 1} ${label}` }));
  const bar = element("div", { className: "ac-bar" }, button, slider, clock);
  if (choices.length > 1) bar.append(element("span", { role: "radiogroup", ariaLabel: "version" }, ...choices));
  stage.after(bar);
  if (!plan.axes.length) stage.append(element("canvas", { ariaHidden: "true" }));

  // -- sound -----------------------------------------------------------------------------------------------------
  const context = () => (window.audiocourseContext ||= new AudioContext());

  async function bytes(player) {
    const source = player.src || document.querySelector(`audio[data-sound="${player.dataset.sound}"][src]`)?.src;
    if (!source) throw new Error("This sound is in an earlier output, which is not there: run the notebook.");
    const [head, data] = source.split(";base64,");
    if (!head.startsWith("data:")) return (await fetch(source)).arrayBuffer();
    return Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0)).buffer;
  }

  const explain = (problem) => { clock.textContent = problem.message; };

  async function load() {
    const decoder = new OfflineAudioContext(1, 1, 44100);
    buffers ||= Promise.all(players.map(async (player) => decoder.decodeAudioData(await bytes(player))));
    return buffers;
  }

  function position() {
    if (!state.playing) return state.offset;
    const now = state.offset + Math.max(0, context().currentTime - state.begun);
    if (!state.loop) return Math.min(now, plan.seconds);
    const [start, end] = state.loop;
    return now < end ? now : start + ((now - start) % (end - start));
  }

  async function play() {
    const loaded = await load();
    const audio = context();
    await audio.resume();
    halt();
    if (window.audiocoursePlaying && window.audiocoursePlaying !== stop) window.audiocoursePlaying();
    window.audiocoursePlaying = stop;
    if (state.loop && (state.offset < state.loop[0] || state.offset >= state.loop[1])) state.offset = state.loop[0];
    if (state.offset >= plan.seconds - 0.01) state.offset = 0;
    state.begun = audio.currentTime + 0.02; // all versions begin in the same sample
    state.gains = loaded.map((_, number) => new GainNode(audio, { gain: number === state.version ? 1 : 0 }));
    state.sources = loaded.map((buffer, number) => {
      const source = new AudioBufferSourceNode(audio, { buffer });
      if (state.loop) [source.loop, source.loopStart, source.loopEnd] = [true, ...state.loop];
      source.connect(state.gains[number]).connect(audio.destination);
      source.start(state.begun, state.offset);
      return source;
    });
    state.playing = true;
    requestAnimationFrame(frame);
  }

  function halt() {
    state.sources.forEach((source) => source.stop());
    state.sources = [];
    state.playing = false;
  }

  function stop() {
    state.offset = position();
    halt();
    draw();
  }

  const toggle = () => (state.playing ? stop() : play().catch(explain));

  function seek(seconds) {
    const playing = state.playing;
    halt();
    state.offset = Math.min(Math.max(seconds, 0), plan.seconds);
    if (playing) play();
    else draw();
  }

  function choose(version) {
    state.version = version;
    const now = context().currentTime;
    state.gains.forEach((gain, number) => gain.gain.setTargetAtTime(number === version ? 1 : 0, now, 0.003));
    draw();
    if (!plan.axes.length) waveform();
  }

  // -- picture ---------------------------------------------------------------------------------------------------
  const axes = plan.axes.length ? plan.axes : [{ box: [0, 0, 1, 1], times: [0, plan.seconds], places: [0, 1] }];

  function between(x, from, to) {
    // linear between the points (from, to); null outside them
    for (let i = 1; i < from.length; i++) {
      const share = (x - from[i - 1]) / (from[i] - from[i - 1]);
      if (share >= 0 && share <= 1) return to[i - 1] + share * (to[i] - to[i - 1]);
    }
    return null;
  }

  const place = (axis, seconds) => between(seconds + plan.start, axis.times, axis.places);
  const time = (axis, share) => between(share, axis.places, axis.times) - plan.start;

  const marks = axes.map((axis) => {
    const [left, top, width, height] = axis.box.map((share) => `${100 * share}%`);
    const pane = element("div", { className: "ac-pane" }, ...["ac-loop", "ac-cursor"].map((name) => element("div", { className: name })));
    Object.assign(pane.style, { left, top, width, height });
    stage.append(pane);
    return pane;
  });

  function draw() {
    const now = position();
    axes.forEach((axis, number) => {
      const [loop, cursor] = marks[number].children;
      const share = place(axis, now);
      cursor.hidden = share === null;
      cursor.style.left = `${100 * share}%`;
      const ends = state.loop?.map((seconds) => place(axis, seconds));
      loop.hidden = !ends || ends.includes(null);
      if (!loop.hidden) {
        loop.style.left = `${100 * Math.min(...ends)}%`;
        loop.style.width = `${100 * Math.abs(ends[1] - ends[0])}%`;
      }
    });
    slider.value = now;
    clock.textContent = `${now.toFixed(2)} / ${plan.seconds.toFixed(2)} s`;
    button.textContent = state.playing ? "Pause" : "Play";
    choices.forEach((choice, number) => {
      choice.setAttribute("aria-checked", number === state.version);
      choice.tabIndex = number === state.version ? 0 : -1;
    });
  }

  function frame() {
    if (!state.playing) return;
    if (!state.loop && position() >= plan.seconds) {
      halt();
      state.offset = 0;
    }
    draw();
    requestAnimationFrame(frame);
  }

  async function waveform() {
    const canvas = stage.querySelector("canvas");
    const samples = (await load())[state.version].getChannelData(0);
    const [width, height] = [(canvas.width = 2 * canvas.clientWidth), (canvas.height = 2 * canvas.clientHeight)];
    const pen = canvas.getContext("2d");
    pen.fillStyle = '#7f7f7f'; // 4 : 1 on white, 4.8 : 1 on a dark page
    const peak = Math.max(0.02, ...plan.peaks);
    for (let x = 0; x < width; x++) {
      const part = samples.subarray(Math.floor((x / width) * samples.length), Math.ceil(((x + 1) / width) * samples.length));
      let [low, high] = [0, 0];
      for (const value of part) [low, high] = [Math.min(low, value), Math.max(high, value)];
      pen.fillRect(x, (height / 2) * (1 - high / peak), 1, Math.max(1, (height / 2) * ((high - low) / peak)));
    }
  }

  // -- hand and keys ---------------------------------------------------------------------------------------------
  marks.forEach((pane, number) => {
    const axis = axes[number];
    let begin = null;
    const share = (event) => {
      const box = pane.getBoundingClientRect();
      return Math.min(Math.max((event.clientX - box.left) / box.width, 0), 1);
    };
    pane.addEventListener("pointerdown", (event) => {
      begin = event;
      pane.setPointerCapture(event.pointerId);
      root.focus({ preventScroll: true });
    });
    pane.addEventListener("pointerup", (event) => {
      if (!begin) return;
      const dragged = Math.abs(event.clientX - begin.clientX) > 5;
      const ends = [time(axis, share(begin)), time(axis, share(event))].map((t) => Math.min(Math.max(t, 0), plan.seconds));
      ends.sort((a, b) => a - b);
      begin = null;
      state.loop = dragged && ends[1] - ends[0] > 0.02 ? ends : null;
      seek(state.loop ? ends[0] : time(axis, share(event)));
      if (state.loop && !state.playing) play();
    });
  });
  button.addEventListener("click", toggle);
  slider.addEventListener("input", () => seek(Number(slider.value)));
  choices.forEach((choice, number) => choice.addEventListener("click", () => choose(number)));
  // JupyterLab would take the arrow keys of a slider; it looks at the focused element only
  root.addEventListener("focusin", (event) => { event.target.dataset.lmSuppressShortcuts = "true"; });
  root.addEventListener("keydown", (event) => {
    const steps = { ArrowLeft: -0.1, ArrowRight: 0.1 };
    const number = Number(event.key) - 1;
    if (event.key === " " && event.target !== button) toggle();
    else if (event.key in steps && event.target !== slider) seek(position() + steps[event.key]);
    else if (number >= 0 && number < players.length) choose(number);
    else if (event.key === "Escape" && state.loop) {
      state.loop = null;
      seek(position());
    } else return;
    event.preventDefault();
    event.stopPropagation();
  });

  root.classList.add("ac-on");
  root.audiocourse = { position, seek, play, stop, state, seconds: plan.seconds };
  draw();
  if (!plan.axes.length) {
    new IntersectionObserver((entries, watcher) => {
      if (!entries.some((entry) => entry.isIntersecting)) return;
      watcher.disconnect();
      waveform().catch(explain);
    }).observe(root);
  }
});
