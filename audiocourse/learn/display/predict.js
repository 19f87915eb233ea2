// A prediction: a button for each choice; the kernel reveals the answer once one has been pressed. Begins with parts.js.
function render({ model, el }) {
  const outcome = makeStatus();
  let patience = null;

  function choose(choice) {
    patience = setTimeout(() => (outcome.textContent = "Waiting for the kernel. If it was restarted, run the notebook's first cell and this one."), 1500);
    model.send({ choice });
  }

  const buttons = model.get("choices").map((textContent, choice) => {
    const button = make("button", { type: "button", textContent, onclick: () => choose(choice) });
    button.setAttribute("aria-pressed", "false");
    return button;
  });
  const question = make("p", {}, make("strong", { textContent: "Predict. " }), model.get("question"));
  const root = makeRoot("prediction", question, make("div", {}, ...buttons), outcome);
  el.append(root);

  function reveal() {
    const { choice, answer, text } = model.get("revealed");
    if (!text) return;
    clearTimeout(patience);
    buttons.forEach((button) => {
      button.disabled = true;
      button.setAttribute("aria-pressed", button.textContent === choice);
      if (button.textContent === answer) button.textContent += " ✓";
    });
    outcome.textContent = text;
  }

  root.addEventListener("keydown", (event) => {
    if (!moveFocus(event, buttons)) return;
    event.preventDefault();
    event.stopPropagation();
  });
  model.on("change:revealed", reveal);
  reveal();
  return () => model.off("change:revealed", reveal);
}

export default { render };
