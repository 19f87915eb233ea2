"""How every figure of the course looks: ``plt.style.use(house_style)``, once in the first cell of a notebook."""

WIDTH = 8.0  # inches of every figure
INK = {"light": "#1a1a1a", "dark": "#e6e6e6"}  # text and axes: black in a figure becomes the ink of the page
# Told apart by the colour-blind (after Okabe and Ito 2008), and with a contrast of at least 3 : 1 on white and on #111:
BLUE = "#0072B2"
ORANGE = "#D55E00"
GREEN = "#009E73"
PINK = "#CC79A7"
GREY = "#7F7F7F"

house_style = {
    "axes.prop_cycle": f"cycler(color={[BLUE, ORANGE, GREEN, PINK, GREY]})",  # C0 to C4
    "figure.figsize": (WIDTH, 2.6),
    "figure.constrained_layout.use": True,
    "figure.facecolor": "none",
    "axes.facecolor": "none",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.titlesize": "medium",
    "font.size": 10,
    "legend.frameon": False,
    "lines.linewidth": 1.4,
    "image.cmap": "magma",
}
# An SVG that is shown as an image takes the colour scheme of its <img>. Dark pages of JupyterLab, VS Code and Sphinx:
THEME = """<style>:is([data-jp-theme-light=false], .vscode-dark, [data-theme=dark]) :is(.ac-picture, .ac-player)
{ color-scheme: dark }</style>"""
