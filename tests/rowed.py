"""A catalogue with a service that asks in rows: placards with their sizes, several purposes, and what follows from them."""

import shutil
from pathlib import Path

from app.demo import walk

SERVICE, TOPIC = "commercial-register-copy", "register"
HOUSE = Path(__file__).parents[1] / "services_catalog"
AFTER = "          label: {th: คำขอจดทะเบียนเปลี่ยนแปลงครั้งล่าสุด, en: The latest registration of a change}\n"
ROWS = """\
    purposes:
      kind: multi_choice
      label: {th: จะใช้สำเนาทำอะไร, en: What will you use the copy for?}
      short: {th: วัตถุประสงค์, en: Purpose}
      choices:
        - {value: bank, label: {th: เปิดบัญชีธนาคาร, en: To open a bank account}}
        - {value: placards, label: {th: ขอติดป้าย, en: To put up signs}}
        - {value: other, label: {th: อื่น ๆ, en: Something else}}
    other_purpose:
      kind: text
      label: {th: ใช้ทำอะไรอีก, en: What else?}
      when: {question: purposes, is: other}
    placards:
      kind: group
      label: {th: ป้ายของร้าน, en: Signs of the shop}
      each: {th: ป้าย, en: sign}
      max: "100"
      when: {question: purposes, is: placards}
      questions:
        words:
          kind: text
          label: {th: ข้อความบนป้าย, en: Words on the sign}
          example: {th: ครัวมะลิ, en: Mali Kitchen}
        width: {kind: decimal, label: {th: ความกว้าง, en: Width}, unit: {th: ม., en: m}, min: "0.1", max: "50"}
        height: {kind: decimal, label: {th: ความสูง, en: Height}, unit: {th: ม., en: m}, min: "0.1", max: "50"}
        lit: {kind: yes_no, label: {th: มีไฟหรือไม่, en: "Is it lit?"}, short: {th: ไฟ, en: Light}}
        watts:
          kind: integer
          label: {th: กำลังไฟ, en: Power}
          unit: {th: วัตต์, en: W}
          when: {question: lit, is: "yes"}
    placards_area:
      kind: computed
      label: {th: พื้นที่ป้ายรวม, en: Area of all signs}
      unit: {th: ตร.ม., en: m²}
      when: {question: purposes, is: placards}
      formula: {sum: {times: [width, height]}, over: placards}
    big_placard_note:
      kind: text
      label: {th: ชื่อผู้รับรองความแข็งแรงของป้าย, en: Who vouches for the strength of the signs}
      short: {th: ผู้รับรองป้าย, en: Who vouches for the signs}
      when: {question: placards_area, above: "10"}
"""
SIGN = {"words": "ครัวมะลิ", "width": "2.5", "height": "1", "lit": "no"}
SAID = {
    **walk.SHOP["applicant"],
    **walk.SHOP["shop"],
    **walk.SHOP["location"],
    "head_office_at": "shop",
    "register_copy": "certificate",
    "purposes": "placards",
}


def catalogue(folder: Path) -> Path:
    """A copy of the house's catalogue in which that service asks these questions too."""
    shutil.copytree(HOUSE, folder)
    questions = folder / "questions.yaml"
    text = questions.read_text(encoding="utf-8")
    assert AFTER in text
    questions.write_text(text.replace(AFTER, AFTER + ROWS, 1), encoding="utf-8")
    service = folder / "services" / f"{SERVICE}.yaml"
    asked = "".join(
        f"  - {key}\n" for key in ("purposes", "other_purpose", "placards", "placards_area", "big_placard_note")
    )
    text = service.read_text(encoding="utf-8")
    service.write_text(text.replace("  - register_copy\n", "  - register_copy\n" + asked, 1), encoding="utf-8")
    return folder
