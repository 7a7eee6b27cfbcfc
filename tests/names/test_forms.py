"""Legal forms of many countries: a company is met with them and without."""

import pytest

from caveat.names import TokenKind, read_name
from caveat.screening import compare

FORMS = """
    Foo Lda; Foo Ltda.; Foo S.A. de C.V.; Foo S.A.C.; Foo S. de R.L. de C.V.; Foo Sociedad por Acciones Simplificada
    SIA Foo; UAB Foo; TOO Foo; Foo Sh.p.k.; Foo SNC; Foo Sp. z o.o.; Foo spol. s r.o.; Foo S A R L; Foo G m b H
    Foo Limited Liabilty Company; Foo Jt Stk Co; Foo FZ-LLC; Foo Unlimited; Foo Co-operative; Messrs Foo
    Foo Sanayi ve Ticaret A.S.; Foo San. ve Tic. Ltd. Sti.; Cong ty TNHH Foo; Foo Osakeyhtiö; Foo Aktieselskab
    Foo Société par actions simplifiée; Obschestvo s Ogranichennoi Otvetstvennostyu Foo
"""


@pytest.mark.parametrize("name", [form.strip() for line in FORMS.strip().split("\n") for form in line.split(";")])
def test_a_legal_form_leaves_a_company_what_it_is(name: str) -> None:
    assert compare(name.replace("Foo", "Zorvexa"), "Zorvexa").verdict == "match"
    assert compare(name.replace("Foo", "Zorvexa"), "Belgranoff").verdict == "no_match"


def test_a_form_is_no_word_of_weight() -> None:
    kinds = [t.kind for t in read_name("Zorvexa Sanayi ve Ticaret Anonim Şirketi")[0].tokens]
    assert kinds == [TokenKind.WORD, TokenKind.FORM]


def test_a_slip_in_a_form_leaves_it_a_form() -> None:
    for name in ("Zorvexa uS.A.", "Zorvexa S.Av.", "Zorvexa S.A.Rv.L.", "PUBLICJ OINT STOCK COMPANY Zorvexa"):
        assert {t.kind for t in read_name(name)[0].tokens} == {TokenKind.WORD, TokenKind.FORM}, name
    assert [t.shown for t in read_name("V.V. Zorvexa")[0].tokens] == ["v", "v", "zorvexa"]
    assert [t.shown for t in read_name("Dr.J. Zorvexa")[0].tokens] == ["dr", "j", "zorvexa"]


def test_a_trade_word_in_the_plural_is_the_same() -> None:
    assert compare("Zorvexa Financials Holding", "Zorvexa Financial Holding").verdict == "match"
    assert read_name("Zorvexa Committees")[0].tokens[1].kind is TokenKind.GENERIC


def test_a_trade_word_meets_itself_before_another_for_the_same() -> None:
    answer = compare("Damavand Eljectricity and Power", "Damavand Electricity and Power")
    assert answer.verdict == "match"
    assert ("power", "power") in {(piece.query, piece.entry) for piece in answer.evidence}
