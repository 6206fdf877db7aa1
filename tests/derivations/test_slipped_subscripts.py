"""p1 as a law, where the document has p_1."""

from small_documents import HOLDS, OPEN, displayed, sides, verdicts

GIVEN = "Let $p_0$ and $p_1$ be densities."
MIXTURE = r"\frac{p_1+p_0}{2}"


def test_a_number_behind_a_density_letter_is_its_subscript():
    jsd = rf"\frac12 KL(p_1\|{MIXTURE}) + \frac12 KL(p_0\|{MIXTURE})"
    assert verdicts(displayed(GIVEN, rf"JSD(p1\|p_0) = {jsd}"))[-1] in HOLDS
    assert verdicts(displayed(GIVEN, rf"JSD(p1\|p_0) = 2({jsd})"))[-1] == "refuted"


def test_where_nothing_is_called_so_it_is_not_read():
    assert verdicts(displayed(GIVEN, r"KL(p4\|p_0) = KL(p_1\|p_0)"))[-1] in OPEN


def test_a_number_in_a_product_stays_one():
    left, right = sides(displayed("Let $p_1, p > 0$ be numbers.", r"p\,1 + p_1 = p_1 + p"))
    assert left == "p·1 + p₁" and right == "p₁ + p"
