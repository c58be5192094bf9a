"""The app as a reader meets it: a real server, a real browser."""

from catalogue import SLUGS
from playwright.sync_api import expect
from reader import SLOW, numbers, opened, plotted, settled, troubles, verdict


def test_an_embedded_page_needs_no_frame(browser, server):
    page = opened(browser, f"{server}/{SLUGS[0]}?embed=true")
    assert len(verdict(page)) > 20
    page.set_viewport_size({"width": 600, "height": 500})
    page.get_by_role("slider", name="Steps").focus()
    page.keyboard.press("ArrowLeft")
    page.wait_for_url("**NegativeWeights.steps=100&embed=true")
    expect(page.get_by_test_id("stSidebar")).to_have_attribute("data-collapsed", "true")
    assert troubles(page) == []
    page.context.close()


def test_home_leads_to_the_question(browser, server):
    """While its answers are still on their way."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(server)
    expect(page.locator(".answer")).to_have_count(len(SLUGS), timeout=SLOW)
    page.locator(f".stMain a[href='{SLUGS[0]}']").press("Enter")
    page.wait_for_url(f"**/{SLUGS[0]}")
    assert len(verdict(page)) > 20
    context.close()


def test_on_a_phone_a_link_of_the_sidebar_folds_it_away(browser, server):
    """And one that was left open does not lie over the next page that is opened."""
    page = opened(browser, f"{server}/features", size="phone", has_touch=True)
    for slug in ("probability", "features"):
        page.get_by_role("button", name="Expand sidebar").tap()
        bar = page.get_by_test_id("stSidebar")
        expect(bar).to_have_attribute("data-collapsed", "false")
        bar.locator(f"a[href$='{slug}']").tap()
        page.wait_for_url(f"**/{slug}")
        expect(bar).to_have_attribute("data-collapsed", "true")
        settled(page)
    page.get_by_role("button", name="Expand sidebar").tap()
    expect(bar).to_have_attribute("data-collapsed", "false")
    page.set_viewport_size({"width": 863, "height": 360})  # it lies
    page.reload()
    settled(page)
    expect(bar).to_have_attribute("data-collapsed", "true")
    assert page.locator(".st-key-verdict").bounding_box()["width"] > 700
    assert troubles(page) == []
    page.context.close()


def test_on_a_phone_a_chip_shows_what_comes_of_it_and_a_setting_stays_under_the_finger(browser, server):
    page = opened(browser, f"{server}/negative_weights", size="phone", has_touch=True)
    plotted(page)
    answer, chip = page.locator(".st-key-verdict"), page.get_by_role("button", name="Three small steps")
    chip.evaluate("button => button.scrollIntoView({ block: 'center' })")
    page.get_by_role("radio", name="small, all ≥ 0").tap()
    page.wait_for_url("**start=*")
    settled(page)
    expect(answer).not_to_be_in_viewport()
    chip.tap()
    expect(answer).to_be_in_viewport()
    assert troubles(page) == []
    page.context.close()


def test_a_pinned_run_travels_in_the_link(browser, server):
    page = opened(browser, f"{server}/negative_weights?NegativeWeights.steps=30")
    page.get_by_role("button", name="Pin this run").click()
    page.wait_for_url("**pin=*")
    page.get_by_role("slider", name="Steps").focus()
    page.keyboard.press("ArrowLeft")
    page.wait_for_url("**NegativeWeights.steps=10**")
    expect(page.get_by_text("Pinned, thin and grey")).to_be_visible(timeout=SLOW)
    settled(page)
    again = opened(browser, page.evaluate("location.href"))
    expect(again.get_by_text("Pinned, thin and grey")).to_be_visible(timeout=SLOW)
    settled(again)
    assert plotted(again) == plotted(page)
    assert verdict(again) == verdict(page)
    names = "() => [...document.querySelectorAll('.js-plotly-plot')].flatMap(f => f._fullData.map(t => t.name))"
    assert "📌 steps 30" in again.evaluate(names)
    assert troubles(page) == troubles(again) == []
    page.context.close()
    again.context.close()


def test_a_slider_moved_by_keyboard_changes_verdict_and_link(browser, server):
    page = opened(browser, f"{server}/negative_weights")
    before = verdict(page)
    page.get_by_role("slider", name="Steps").focus()
    for _ in range(3):
        page.keyboard.press("ArrowLeft")
    page.wait_for_url("**NegativeWeights.steps=10**")
    page.wait_for_function(
        "old => document.querySelector('.st-key-verdict')?.innerText != old", arg=before, timeout=SLOW
    )
    settled(page)
    again = opened(browser, page.evaluate("location.href"))
    assert verdict(again) == verdict(page)
    assert plotted(again) == plotted(page)
    assert numbers(again) == numbers(page)
    assert troubles(page) == troubles(again) == []
    page.context.close()
    again.context.close()


def test_the_copied_link_holds_every_setting(browser, server):
    page = opened(browser, f"{server}/negative_weights?NegativeWeights.start=lifted&NegativeWeights.steps=3")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Copy link").click()
    expect(page.get_by_text("Copied: the link holds every setting")).to_be_visible(timeout=SLOW)
    link = page.evaluate("navigator.clipboard.readText()")
    assert link.count("NegativeWeights.") == 9
    assert "NegativeWeights.start=lifted" in link  # what the page calls it may change, the identifier does not
    again = opened(browser, link)
    assert verdict(again) == verdict(page)
    page.context.close()
    again.context.close()


BARS = "() => [...document.querySelectorAll('.js-plotly-plot')].map(f => Array.from(f._fullData[0].y ?? []))"
SHEET = "() => [...document.querySelectorAll('.js-plotly-plot')].at(-1)._fullData[0].z.flat().join()"
STATE = "() => document.querySelector('[data-testid=stApp]').dataset.testScriptState"


def test_one_time_slider_moves_every_figure_by_keyboard_without_the_server(browser, server):
    page = opened(browser, f"{server}/negative_weights")
    plotted(page)
    slider = page.get_by_role("slider", name="Step of the training")
    expect(slider).to_be_visible(timeout=SLOW)
    expect(page.locator("output")).to_have_attribute("aria-live", "off")  # what plays is not read out step by step
    sent = []
    page.on("websocket", lambda socket: sent.append(socket.url))
    last, sheet, runs = page.evaluate(BARS)[0], page.evaluate(SHEET), page.evaluate(STATE)
    slider.focus()
    page.keyboard.press("Home")
    page.wait_for_function(f"old => ({SHEET})() !== old", arg=sheet, timeout=SLOW)
    first = page.evaluate(BARS)[0]
    assert sum(first[: len(first) // 2]) == 0 < sum(last[: len(last) // 2])  # at step 0 nothing is negative
    assert page.evaluate(
        "() => document.activeElement.shadowRoot?.activeElement?.getAttribute('aria-valuetext')"
    ) in (
        "step 0",
        None,
    )
    page.keyboard.press("End")
    page.wait_for_function(f"old => ({SHEET})() === old", arg=sheet, timeout=SLOW)
    assert page.evaluate(BARS)[0] == last
    page.get_by_role("button", name="Play the training").click()
    page.wait_for_function(f"old => ({SHEET})() !== old", arg=sheet, timeout=SLOW)
    page.get_by_role("button", name="Pause").click()
    assert page.evaluate(STATE) == runs
    assert sent == []
    page.context.close()


def test_try_this_changes_what_is_in_sight(browser, server):
    page = opened(browser, f"{server}/negative_weights", size="wide")
    page.set_viewport_size({"width": 1280, "height": 720})
    before, numbers_before = verdict(page), plotted(page)
    chip = page.locator(".st-key-try_0 button").first
    chip.scroll_into_view_if_needed()
    chip.click()
    changed = "old => document.querySelector('.st-key-verdict')?.innerText != old"
    page.wait_for_function(changed, arg=before, timeout=SLOW)
    settled(page)
    assert plotted(page) != numbers_before
    said = verdict(page)
    page.locator(".st-key-try_1 button").first.click()  # the next move is not lost to the address of the last
    page.wait_for_function(changed, arg=said, timeout=SLOW)
    settled(page)
    for part in (".st-key-verdict", ".st-key-hero .js-plotly-plot"):
        box = page.locator(part).first.bounding_box()
        assert box["y"] < 720
        assert box["y"] + box["height"] > 0
    page.context.close()


def test_back_leads_to_the_page_before_as_it_was(browser, server):
    page = opened(browser, f"{server}/negative_weights?NegativeWeights.steps=30")
    page.get_by_role("slider", name="Steps").focus()
    page.keyboard.press("ArrowLeft")
    page.wait_for_url("**NegativeWeights.steps=10**")
    settled(page)
    said = verdict(page)
    page.locator("a[href$='zigzag']").first.click()
    page.wait_for_url("**/zigzag")
    settled(page)
    page.go_back()
    page.wait_for_url("**/negative_weights?NegativeWeights.steps=10")
    page.wait_for_function(
        "old => document.querySelector('.st-key-verdict')?.innerText == old", arg=said, timeout=SLOW
    )
    assert troubles(page) == []
    page.context.close()


def test_a_long_training_can_be_stopped_and_a_move_abandons_it(browser, server):
    settings = {"network": "cnn", "steps": 600, "repeats": 16, "activation": "tanh"}
    heavy = "&".join(f"NegativeWeights.{name}={value}" for name, value in settings.items())
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{server}/negative_weights?{heavy}")
    page.locator(".st-key-stop button").click(timeout=SLOW)
    expect(page.locator(".stMain").get_by_text("Stopped at")).to_be_visible(timeout=SLOW)
    expect(page.get_by_role("heading", name="Why")).to_be_visible()
    page.get_by_role("button", name="Train", exact=True).click()
    expect(page.get_by_role("progressbar")).to_be_visible(timeout=SLOW)
    page.get_by_text("dense", exact=True).click()  # while the old training runs
    settled(page)
    assert "test accuracy" in verdict(page)
    assert page.get_by_role("progressbar").count() == 0
    context.close()


def test_tampered_links_are_a_notice(browser, server):
    page = opened(
        browser, f"{server}/negative_weights?NegativeWeights.lr=77&NegativeWeights.x=<script>alert(1)</script>"
    )
    notice = page.locator(".st-key-hero").get_by_text("not offered (an unknown one, lr)")
    expect(notice).to_be_visible()
    page.set_viewport_size({"width": 360, "height": 780})
    expect(notice).to_be_in_viewport()  # the controls are not
    assert len(verdict(page)) > 20
    assert troubles(page) == []
    page.context.close()


PLACE = """([x, y]) => {
    const figure = document.querySelector('.st-key-hero .js-plotly-plot'), box = figure.getBoundingClientRect();
    const { xaxis, yaxis } = figure._fullLayout;
    return [box.left + xaxis._offset + xaxis.l2p(x), box.top + yaxis._offset + yaxis.l2p(y)];
}"""


def test_a_click_in_the_picture_moves_the_control_and_the_address(browser, server):
    """Also in the middle, where Plotly's hidden slider lies over the picture."""
    page = opened(browser, f"{server}/zigzag")
    plotted(page)
    before = verdict(page)
    page.mouse.click(*page.evaluate(PLACE, [2, 0]))
    page.wait_for_url("**Zigzag.direction=0", timeout=SLOW)
    settled(page)
    page.wait_for_function(
        "old => document.querySelector('.st-key-verdict')?.innerText != old", arg=before, timeout=SLOW
    )
    assert troubles(page) == []
    page.context.close()


def test_a_link_with_a_picture_opens_it_and_keeps_it_while_a_control_moves(browser, server):
    page = opened(browser, f"{server}/template?picture={'0' * 32}{'g' * 32}")
    expect(page.get_by_role("combobox", name="Start from")).to_have_value("the link's picture", timeout=SLOW)
    page.get_by_role("slider", name="Steps").focus()
    page.keyboard.press("ArrowLeft")
    page.wait_for_url(f"**Template.steps=*&picture={'0' * 32}{'g' * 32}", timeout=SLOW)
    settled(page)
    expect(page.get_by_role("combobox", name="Start from")).to_have_value("the link's picture", timeout=SLOW)
    assert troubles(page) == []
    page.context.close()
