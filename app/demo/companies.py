"""The companies of the demonstration, all invented, and how the business registry writes one down.

Juristic numbers have a right check digit and the province code 99, which no registry issues. The profile is the
documented one of DBD through GDX (v4): every value a text, Buddhist-era dates YYYYMMDD, `Tumbol` and `Ampur`.
"""

from typing import Any

import geothai

from app.demo.roles import Both, Company, Home, Registry

COMPANIES: tuple[Company, ...] = (
    Company(
        key="khao",
        juristic_id="0995569000013",
        name=Both("บริษัท ข้าวตัวอย่าง จำกัด", "KHAO TUAYANG CO., LTD."),
        status="ยังดำเนินกิจการอยู่",
        registered="25620829",
        home=Home("99/1", 0, "ดอกรัก 2", "ดอกไม้", "730101"),
        directors=(("นางสาว", "มะลิ", "ตัวอย่าง"), ("นาย", "ตาสี", "สมมติ")),
        authority="กรรมการหนึ่งคนลงลายมือชื่อและประทับตราสำคัญของบริษัท",
        about=Both("กรรมการคนเดียวลงชื่อได้ มะลิเป็นกรรมการ", "One director may sign alone; Mali is one"),
        person="mali",
    ),
    Company(
        key="ruam",
        juristic_id="0995569000030",
        name=Both("บริษัท ร่วมใจสมมติ จำกัด", "RUAMJAI SOMMUT CO., LTD."),
        status="ยังดำเนินกิจการอยู่",
        registered="25650311",
        home=Home("41", 9, "", "ริมน้ำ", "730101"),
        directors=(("นาย", "ตาสี", "สมมติ"), ("นาง", "บุญมา", "จำลอง")),
        authority="กรรมการสองคนลงลายมือชื่อร่วมกันและประทับตราสำคัญของบริษัท",
        about=Both("กรรมการต้องลงชื่อสองคนและประทับตรา", "Two directors sign together, with the seal"),
        person="tasi",
        capital="5000000.00",
    ),
    Company(
        key="koei",
        juristic_id="0995569000021",
        name=Both("บริษัท เคยมีตัวอย่าง จำกัด", "KHOEI MI TUAYANG CO., LTD."),
        status="เลิก",
        registered="25550102",
        home=Home("3", 6, "", "", "650801"),
        directors=(("นาย", "สมาน", "ทดลอง"),),
        authority="กรรมการหนึ่งคนลงลายมือชื่อ",
        about=Both("เลิกกิจการแล้ว", "Dissolved"),
        person="saman",
    ),
    Company(
        key="cha",
        juristic_id="0995569000048",
        name=Both("ห้างหุ้นส่วนจำกัด ชักช้าตัวอย่าง", "CHAKCHA TUAYANG LIMITED PARTNERSHIP"),
        status="ยังดำเนินกิจการอยู่",
        registered="25600105",
        home=Home("8/2", 1, "", "", "730101"),
        directors=(("นาย", "ชะลอ", "ทดลอง"),),
        authority="หุ้นส่วนผู้จัดการหนึ่งคนลงลายมือชื่อและประทับตราของห้าง",
        about=Both("ทะเบียนตอบช้าเกินรอ", "The registry answers too late"),
        person="chalo",
        kind="3",
        registry=Registry.SLOW,
    ),
    Company(
        key="hai",
        juristic_id="0995569000056",
        name=Both("บริษัท ไม่พบตัวอย่าง จำกัด", "MAI PHOP TUAYANG CO., LTD."),
        status="ยังดำเนินกิจการอยู่",
        registered="25690901",
        home=Home("1", 0, "", "", "730101"),
        directors=(("นางสาว", "ปรางค์", "ทดลอง"),),
        authority="กรรมการหนึ่งคนลงลายมือชื่อ",
        about=Both("ทะเบียนยังไม่มีข้อมูล ต้องกรอกเอง", "Not in the registry yet: everything is typed"),
        person="prang",
        registry=Registry.MISSING,
    ),
    Company(
        key="krua",
        juristic_id="0995569000072",
        name=Both("บริษัท ครัวสายน้ำตัวอย่าง จำกัด", "KHRUA SAI NAM TUAYANG CO., LTD."),
        status="ยังดำเนินกิจการอยู่",
        registered="25610618",
        home=Home("118", 0, "", "ริมคลอง", "730101"),
        directors=(("นาง", "บุญมา", "จำลอง"),),
        authority="กรรมการหนึ่งคนลงลายมือชื่อ",
        about=Both("มีเรื่องในระบบแล้ว แจ่มทำแทนได้", "Has cases here already; Chaem may act for it"),
        person="bunma",
        capital="3000000.00",
    ),
)

TOWNS = COMPANIES[-1]
"""The company that was here before you: it filed during the three months of a new demonstration."""

UNVERIFIED = Company(
    key="plom",
    juristic_id="0995569000064",
    name=Both("บริษัท ยังไม่ยืนยันตัวอย่าง จำกัด", "YANG MAI YUENYAN CO., LTD."),
    status="ยังดำเนินกิจการอยู่",
    registered="25680101",
    home=Home("1", 0, "", "", "730101"),
    directors=(("นางสาว", "ฟ้า", "ตัวอย่าง"),),
    authority="กรรมการหนึ่งคนลงลายมือชื่อ",
    about=Both("ผู้ให้บริการยังไม่ยืนยันเลขทะเบียน", "The provider has not verified its number"),
    person="fa",
)
"""Has an account that the provider does not vouch for."""


def profile(company: Company, status: str) -> dict[str, Any]:
    """The registry's answer about a company that has `status` now."""
    home, place = company.home, geothai.address(company.home.subdistrict)
    if place is None:
        raise ValueError(home.subdistrict)
    where = (place.subdistrict.name_th, place.district.name_th, place.province.name_th)
    record = {
        "JuristicType": company.kind,
        "JuristicID": company.juristic_id,
        "OldJuristicID": "",
        "RegisterDate": company.registered,
        "JuristicName_TH": company.name.th,
        "JuristicName_EN": company.name.en,
        "RegisterCapital": company.capital,
        "PaidRegisterCapital": company.capital,
        "NumberOfObjective": "22",
        "NumberOfPageOfObjective": "3",
        "JuristicStatus": status,
        "StandardID": "56101",
        "CommitteeInformations": [
            {"Sequence": str(number), "Title": title, "FirstName": given, "LastName": family, "Type": "K"}
            for number, (title, given, family) in enumerate(company.directors, 1)
        ],
        "AuthorizeDescriptions": [{"Sequence": "1", "AuthorizeDescription": company.authority, "Type": "L"}],
        "StandardObjectives": [],
        "AddressInformations": [
            {
                "AddressName": "สำนักงานใหญ่",
                "FullAddress": f"{home.house} ต.{where[0]} อ.{where[1]} จ.{where[2]}",
                **dict.fromkeys(("Building", "RoomNo", "Floor", "VillageName"), ""),
                "AddressNo": home.house,
                "Moo": str(home.moo) if home.moo else "",
                "Soi": home.soi,
                "Road": home.road,
                "Tumbol": where[0],
                "Ampur": where[1],
                "Province": where[2],
                "Phone": "",
                "Email": "",
            }
        ],
    }
    return {"ResultList": [record], "RawData": ""}
