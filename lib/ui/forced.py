"""Where the reader's system sets the colours (Windows: contrast themes), what is chosen and what has the focus.

Streamlit shows both by backgrounds and shadows, which a browser then leaves out: no option looked chosen, the
sliders had neither rail nor thumb, the switches were not there, and nothing showed where the Tab key was.
"""

STYLE = """<style>
@media (forced-colors: active) {
  :focus-visible, [data-testid="stCheckbox"] label:has(input:focus-visible),
  [data-testid="stSlider"] [data-rac]:has(> div > input:focus-visible) {
    outline: 3px solid CanvasText !important; outline-offset: 2px !important;
  }
  :is([role="radio"][aria-checked="true"], [data-testid="stBaseButton-primary"]) {
    forced-color-adjust: none; background: Highlight !important;
  }
  :is([role="radio"][aria-checked="true"], [data-testid="stBaseButton-primary"]) * {
    color: HighlightText !important;
  }
  [data-testid="stCheckbox"] label > div:not([data-testid]),
  [data-testid="stSlider"] [role="group"] > div > div:not([data-testid]) { forced-color-adjust: none; }
  [data-testid="stSliderThumbValue"] { forced-color-adjust: auto; }
}
</style>"""
