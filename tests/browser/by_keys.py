"""The same person with a keyboard alone: Tab to get there, Space, Enter and arrows to act, no mouse and no touch."""

from dataclasses import dataclass

from playwright.sync_api import FilePayload, Locator
from typing_extensions import override

from tests.browser.visiting import Visitor

FARTHEST = 150
"""No control of a page is more than so many steps away."""
IS_HERE = "e => e === document.activeElement"
SEEN = """() => { const e = document.activeElement, style = getComputedStyle(e);
    return style.outlineStyle !== 'none' || style.boxShadow !== 'none' }"""
NAMES = """() => [...document.querySelectorAll('main form [name]:not([type=hidden])')]
    .filter(e => e.getClientRects().length).map(e => e.name)"""


@dataclass
class Typist(Visitor):
    """Acts as `Visitor` does, by keys; `tabs` counts the steps."""

    tabs: int = 0

    def reach(self, target: Locator) -> None:
        """Tab until this control has the focus, and shows that it has it."""
        for _ in range(FARTHEST):
            if target.evaluate(IS_HERE):
                assert self.page.evaluate(SEEN), f"{self.path}: nobody sees that {target} has the focus"
                return
            self.page.keyboard.press("Tab")
            self.tabs += 1
        raise AssertionError(f"{self.path}: {target} cannot be reached by Tab")

    def enter(self, target: Locator) -> None:
        """Reach a link or a button and press Enter: another page comes."""
        self.reach(target)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    @override
    def follow(self, message: str) -> None:
        self.enter(self.page.locator("main a", has_text=self.said(message)).first)

    @override
    def press(self, message: str) -> None:
        self.enter(self.button(message))

    @override
    def fill(self, answers: dict[str, str]) -> None:
        """What the page asks for, from its top to its end; what an answer calls for is answered when it comes."""
        done: set[str] = set()
        while name := next((one for one in self.page.evaluate(NAMES) if one in answers and one not in done), ""):
            self._answer(name, answers[name])
            done.add(name)

    def _answer(self, name: str, value: str) -> None:
        controls = self.page.locator(f'main [name="{name}"]')
        kind = controls.first.get_attribute("type")
        keyboard = self.page.keyboard
        if kind == "radio":
            wanted = self.page.locator(f'main [name="{name}"][value="{value}"]')
            self.reach(controls.and_(self.page.locator(":checked")).or_(controls.first).last)
            keyboard.press("Space")
            for _ in range(controls.count()):
                if wanted.is_checked():
                    return
                keyboard.press("ArrowDown")
            assert wanted.is_checked()
        elif kind == "checkbox":
            wanted = self.page.locator(f'main [name="{name}"][value="{value}"]')
            self.reach(wanted)
            if not wanted.is_checked():
                keyboard.press("Space")
        elif controls.first.evaluate("e => e.tagName") == "SELECT":
            self.reach(controls.first)
            for _ in range(controls.first.locator("option").count()):
                if controls.first.input_value() == value:
                    return
                keyboard.press("ArrowDown")
        else:
            self.reach(controls.first)
            keyboard.press("Control+A")
            keyboard.insert_text(value)

    def give(self, key: str, file: FilePayload) -> None:
        """Choose a file for one document: Space opens the chooser, Tab leads to its button."""
        field = self.page.locator(f"#{key}")
        self.reach(field)
        with self.page.expect_file_chooser() as chooser:
            self.page.keyboard.press("Space")
        chooser.value.set_files(file)
        self.enter(field.locator("xpath=ancestor::form").locator("button"))
