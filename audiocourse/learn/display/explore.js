// A slider over positions that are drawn already: only the chosen one is visible.
// Where scripts are not run, the slider stays hidden and all positions are visible below each other.
((root) => {
  if (!root || root.dataset.ready) return;
  root.dataset.ready = "yes";
  const knob = root.querySelector(".ac-knob");
  const slider = knob.querySelector("input");
  const name = knob.querySelector("strong");
  const panels = [...root.querySelectorAll(".ac-position")].sort((a, b) => a.dataset.at - b.dataset.at);
  // an output is replaced when more positions are drawn: what was chosen in it before stays so
  const chosen = root.dataset.id ? ((window.audiocourseChosen ||= {})[root.dataset.id] ||= {}) : {};
  let sounding = null; // what goes on in the next panel

  const playersOf = (panel) => [...panel.querySelectorAll(".ac-player")].map((player) => player.audiocourse);

  function halt(panel) {
    // stop what plays in a panel, and return where it was
    const number = playersOf(panel).findIndex((player) => player?.state.playing);
    if (number < 0) return sounding;
    const player = playersOf(panel)[number];
    player.stop();
    return { number, seconds: player.seconds, at: player.position(), state: player.state };
  }

  async function goOn(panel) {
    // the same player of the new panel goes on at the same moment, if its sound is equally long
    const player = sounding && playersOf(panel)[sounding.number];
    if (!player || Math.abs(player.seconds - sounding.seconds) > 0.01) {
      sounding = null;
      return;
    }
    Object.assign(player.state, { version: sounding.state.version, loop: sounding.state.loop });
    player.seek(sounding.at);
    await player.play();
    if (panel.hidden) player.stop(); // the knob was turned while the sound was decoded
    else sounding = null;
  }

  function choose(panel) {
    const before = chosen.panel;
    if (before && before !== panel) sounding = halt(before);
    panels.forEach((other) => (other.hidden = other !== panel));
    slider.value = panels.indexOf(panel);
    slider.setAttribute("aria-valuetext", panel.dataset.name);
    name.textContent = panel.dataset.name;
    chosen.panel = panel;
    if (sounding) goOn(panel);
  }

  const first = chosen.panel?.dataset.at ?? root.dataset.first;
  slider.max = panels.length - 1;
  slider.addEventListener("input", () => choose(panels[slider.value]));
  slider.dataset.lmSuppressShortcuts = "true"; // else JupyterLab takes the arrow keys; it looks at the focused element only
  slider.addEventListener("keydown", (event) => event.stopPropagation());
  slider.addEventListener("focus", () => (chosen.focused = true));
  slider.addEventListener("blur", () => setTimeout(() => (chosen.focused &&= !slider.isConnected))); // if not replaced
  root.classList.add("ac-explore-on");
  knob.hidden = panels.length < 2;
  choose(panels.find((panel) => panel.dataset.at === first));
  if (chosen.focused) slider.focus({ preventScroll: true });
})(document.currentScript.parentElement);
