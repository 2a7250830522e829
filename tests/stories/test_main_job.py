"""The main job, told once from beginning to end."""

from pathlib import Path

from app.demo import first_licence
from app.demo.running import Running


def test_a_shop_owner_gets_a_licence_that_anyone_can_verify(portal: Running, tmp_path: Path) -> None:
    told = first_licence.whole(portal.url, tmp_path)

    assert told["verify"]["outcome"] == "valid"
    assert told["verify"]["number"] == told["licence"]["number"]
    assert {file.name.split("-")[0] for file in tmp_path.glob("*.pdf")} == {"submission", "bill", "receipt", "licence"}
