// What the widgets with questions share: their style, which follows JupyterLab's theme, their root, and the arrow keys.
const STYLE = `
.ac-widget { color: var(--jp-content-font-color1, CanvasText); padding: 0.4em 0; max-width: 80ch; }
.ac-widget p { margin: 0.4em 0; }
.ac-widget button { font: inherit; cursor: pointer; padding: 0.3em 0.9em; margin: 0.2em 0.4em 0.2em 0; border-radius: 3px;
  color: var(--jp-content-font-color1, ButtonText); background: var(--jp-layout-color2, ButtonFace);
  border: 1px solid var(--jp-content-font-color2, ButtonBorder); }
.ac-widget :is(button, input):focus-visible { outline: 3px solid var(--jp-brand-color1, Highlight); outline-offset: 1px; }
.ac-widget button[aria-pressed=true] { font-weight: bold; box-shadow: inset 0 0 0 2px currentColor; }
.ac-widget button:disabled { cursor: default; border-style: dashed; }
.ac-widget .ac-row { display: flex; gap: 0.6em; align-items: center; }
.ac-widget input[type=range] { flex: 0 1 24em; }
`;

function make(kind, properties, ...children) {
  const node = Object.assign(document.createElement(kind), properties);
  node.append(...children);
  return node;
}

// A named group that keeps its keys to itself: in JupyterLab a, b and x would edit cells, and arrows would move on.
// Shortcuts for ":focus" look at the focused element alone, so each gets the attribute when it is focused.
function makeRoot(name, ...children) {
  const root = make("div", { className: "ac-widget", tabIndex: -1 }, make("style", { textContent: STYLE }), ...children);
  root.setAttribute("role", "group");
  root.setAttribute("aria-label", name);
  root.addEventListener("focusin", (event) => (event.target.dataset.lmSuppressShortcuts = "true"));
  return root;
}

// A paragraph that screen readers read out when it changes.
function makeStatus() {
  const status = make("p", {});
  status.setAttribute("role", "status");
  return status;
}

// Moves the focus along a row of buttons, round at its ends; returns whether the key was an arrow.
function moveFocus(event, buttons) {
  const step = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 }[event.key];
  if (!step || !buttons.length) return false;
  const next = buttons.indexOf(document.activeElement) + step;
  buttons.at(Math.max(-1, next) % buttons.length).focus();
  return true;
}
