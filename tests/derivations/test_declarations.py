"""Declarations: domains, laws and shapes where authors put them, the conventions of the field, and context files."""

import pytest
from small_documents import (
    HOLDS,
    NO_CLAIM,
    assert_holds,
    assert_not_accused,
    assert_refuted,
    assert_told_apart,
    checked,
    displayed,
    last,
    meanings,
    read,
    verdicts,
)

import lemmata
from derivations.reading import read_document, read_relations


@pytest.mark.parametrize(
    "declaration",
    [
        "Let $a>0$.",
        "Suppose $a>0$.",
        "Assume that $a>0$.",
        "Given $a>0$, we compute.",
        r"Let $a\in\mathbb{R}_+$ with $a>0$.",
        "For $a>0$:",
        "Let $0<a$.",
        r"$a>0$.",
        "Sei $a>0$.",
        "Soit $a>0$.",
        "设 $a>0$。",
        "- $a>0$",
    ],
)
def test_a_domain_is_declared_in_many_ways(declaration):
    assert_holds(displayed(declaration, r"\sqrt{a^2} = a"))


@pytest.mark.parametrize(
    ("declaration", "formula"),
    [
        (r"Let $a\in\mathbb{R}$.", r"\sqrt{a^2} = a"),
        (r"Let $a<0$.", r"\sqrt{a^2} = a"),
        (r"Let $a\in[-1,1]$.", r"\sqrt{a^2} = a"),
        (r"Let $a\in(-1,1)$.", r"\sqrt{a^2} = a"),
        (r"Let $a\ge 0$.", r"\frac{a}{a^2}\cdot a + a = 1 + a"),
        (r"Let $a>0$.", r"a^2 \ge a"),
    ],
)
def test_another_domain_does_not_make_it_hold(declaration, formula):
    assert_refuted(displayed(declaration, formula))


@pytest.mark.parametrize(
    ("declaration", "formula"),
    [
        (r"Let $a\ge 0$.", r"\sqrt{a^2} = a"),
        (r"Let $a\in[0,1]$.", r"a^2 \le a"),
        (r"Let $a\in(0,1)$.", r"\log a \le 0"),
        (r"Let $a\ge 1$.", r"a^2 \ge a"),
        (r"Let $a<0$.", r"\sqrt{a^2} = -a"),
        (r"Let $k\in\{0,1\}$.", r"k^2 = k"),
    ],
)
def test_other_domains(declaration, formula):
    assert_holds(displayed(declaration, formula))


@pytest.mark.parametrize(
    ("declaration", "right", "wrong"),
    [
        (r"Let $x\in\mathbb{R}^n$.", r"\|x\|^2 = x^\top x", r"\|x\| = x^\top x"),
        (
            r"Let $x\in\mathbb{R}^{n}$ and $A\in\mathbb{R}^{n\times n}$ be symmetric.",
            r"x^\top A x = x^\top A^\top x",
            r"x^\top A x = \|x\|^2",
        ),
    ],
)
def test_shapes_are_declared(declaration, right, wrong):
    assert_told_apart(declaration, right, wrong)


@pytest.mark.parametrize(
    "declaration",
    [
        r"Let $x\sim\mathcal{N}(\mu,\sigma^2)$.",
        r"Suppose that $x\sim\mathcal{N}(\mu,\sigma^2)$.",
        r"Assume $x$ follows $\mathcal{N}(\mu,\sigma^2)$.",
        r"Here $x$ is distributed according to $\mathcal{N}(\mu,\sigma^2)$.",
        r"Here $x$ is drawn from $\mathcal{N}(\mu,\sigma^2)$.",
        r"Let $p(x)=\mathcal{N}(x;\mu,\sigma^2)$ and $x\sim p$.",
        r"Let $p(x)=\mathcal{N}(\mu,\sigma^2)$ and $x\sim p(x)$.",
        r"Sei $x\sim\mathcal{N}(\mu,\sigma^2)$.",
    ],
)
def test_a_law_is_declared_in_many_ways(declaration):
    assert_told_apart(declaration, r"\mathbb{E}[x^2] = \mu^2 + \sigma^2", r"\mathbb{E}[x^2] = \mu^2 + 3\sigma^2")


def test_laws_given_respectively():
    declaration = (
        r"Let $p$ and $q$ be $\mathcal{N}(\mu_1,\sigma_1^2)$ and $\mathcal{N}(\mu_2,\sigma_2^2)$ respectively."
    )
    right = r"D_{KL}(p\|q) = \log\frac{\sigma_2}{\sigma_1} + \frac{\sigma_1^2+(\mu_1-\mu_2)^2}{2\sigma_2^2} - \frac12"
    assert_told_apart(declaration, right, right.replace(r"D_{KL}(p\|q)", r"D_{KL}(q\|p)"))


def test_a_convex_function_satisfies_jensens_inequality():
    formula = r"f(\mathbb{E}_{x\sim p}[x]) {} \mathbb{E}_{x\sim p}[f(x)]"
    assert_holds(displayed("Let $f$ be convex, and let $p(x)$ be a density.", formula.replace("{}", r"\le")))
    assert_not_accused(displayed("Let $f$ be convex, and let $p(x)$ be a density.", formula.replace("{}", r"\le")))
    found = last(displayed("Let $p(x)$ be a density and $f$ a function.", formula.replace("{}", r"\le")))
    assert found.verdict not in HOLDS


def test_sigma_is_the_sigmoid_where_the_text_says_so():
    declaration = r"Let $\sigma$ be the logistic sigmoid and $x\in\mathbb{R}$."
    right = r"\frac{d\sigma(x)}{dx} = \sigma(x)(1-\sigma(x))"
    assert_told_apart(declaration, right, right.replace("(1-", "(1+"))


@pytest.mark.parametrize(
    "named",
    [
        r"For a logit $a\in\mathbb{R}$ and the logistic function $\sigma(a)$",
        r"Let $a\in\mathbb{R}$, with $\sigma$ for the logistic sigmoid",
        r"Let $a\in\mathbb{R}$; here $\sigma(a)$ is the sigmoid function",
    ],
)
def test_a_sigmoid_named_beside_a_standard_deviation_of_the_same_letter(named):
    declaration = "The noise has a scale $\\sigma>0$.\n\n$$\\log\\sigma^2 = 2\\log\\sigma$$\n\n" + named
    right = r"\frac{d}{da}\log(1-\sigma(a)) = -\sigma(a)"
    assert_told_apart(declaration, right, right.replace("= -", "= "))


def test_a_call_of_a_letter_that_is_a_number_is_not_guessed():
    declaration = "The noise has a scale $\\sigma>0$, and $b\\in\\mathbb{R}$; the logistic law is another."
    assert last(displayed(declaration, r"\frac{d}{db}\log(1-\sigma(b)) = \sigma(b)")).verdict == "unread"


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        (
            r"\mathbb{E}_\epsilon[2\epsilon^2+\theta] = \theta + 2",
            r"\mathbb{E}_\epsilon[2\epsilon^2+\theta] = \theta + 1",
        ),
        (r"\log\sigma^2 = 2\log\sigma", r"\log\sigma^2 = \log 2\sigma"),  # sigma > 0
        (r"\log\frac{1}{D(x)} > 0\cdot D(x)", r"\log D(x) + D(x) = D(x)"),  # D in (0, 1)
        (r"\eta\sqrt{\eta^2} = \eta^2", r"\log\eta^2 = \eta^2"),
    ],
)
def test_the_conventions_of_the_field(right, wrong):
    assert_told_apart(r"Let $\theta\in\mathbb{R}$.", right, wrong)


def test_capital_greek_in_a_normal_is_a_covariance():
    assert_holds(displayed("", r"\mathbb{E}_{x\sim\mathcal{N}(\mu,\Sigma)}[(x-\mu)(x-\mu)^\top] + \Sigma = 2\Sigma"))
    assert_refuted(displayed("", r"\mathbb{E}_{x\sim\mathcal{N}(\mu,\Sigma)}[(x-\mu)(x-\mu)^\top] = \Sigma^2"))


def test_a_declaration_is_stronger_than_a_convention():
    assert_refuted(displayed(r"Let $\sigma\in\mathbb{R}$.", r"\log\sigma^2 + \sigma = 2\log\sigma + \sigma"))
    assert_holds(displayed("", r"\log\sigma^2 + \sigma = 2\log\sigma + \sigma"))


def test_assumptions_are_no_claims():
    for text in ("Let $a>0$.", r"Assume $p(z)=\mathcal{N}(0,I)$.", r"Let $x=3$.", r"We use $\lambda = 0.1$."):
        assert set(verdicts(text)) <= NO_CLAIM, text


def test_declared_domains_are_marked_as_declared():
    (meaning,) = meanings(displayed("Let $a>0$.", r"\log a^2 = 2\log a + b"))
    domains = meaning.relation.hypotheses.variables
    assert domains["a"].declared and domains["a"].kind == "positive"
    assert "b" not in domains or not domains["b"].declared


# --------------------------------------------------------------------------------------------------- context files


def test_a_context_file_adds_conventions():
    text = displayed("", r"\log(\varkappa^2) = 2\log\varkappa")
    document = read_document("notes.md", text)
    (plain,) = read_relations(document)
    (added,) = read_relations(document, '[domains]\npositive = ["varkappa"]\n')
    assert plain.meanings[0].relation.hypotheses.domain("varkappa").kind == "real"
    assert added.meanings[0].relation.hypotheses.domain("varkappa").kind == "positive"


def test_a_context_file_makes_a_letter_a_density(tmp_path):
    context = tmp_path / "context.toml"
    context.write_text('[densities]\nletters = ["g"]\n')
    text = displayed("", r"\mathbb{E}_{x\sim g}[f(x)] = \int g(x)f(x)dx")
    (found,) = lemmata.check_text(text, "n.md", jobs=0, context=context).relations
    assert found.verdict in HOLDS


def test_a_context_file_does_not_change_what_it_does_not_name():
    text = displayed(r"Let $a>0$.", r"\log(a^2) = 2\log a")
    document = read_document("notes.md", text)
    assert read_relations(document) == read_relations(document, '[functions]\nletters = ["psi"]\n')
    assert read_relations(document) == read_relations(document, "")


@pytest.mark.parametrize(
    ("context", "word"),
    [
        ("letters = [", "TOML"),
        ('[density]\nletters = ["g"]\n', "density"),
        ('[domains]\npositive = "a"\n', "positive"),
        ("[domains]\npositive = [1]\n", "positive"),
        ('domains = ["a"]\n', "domains"),
    ],
)
def test_a_wrong_context_file_gives_one_clear_line(context, word):
    document = read_document("notes.md", displayed("", "a = b"))
    with pytest.raises(ValueError) as error:
        read_relations(document, context)
    message = str(error.value)
    assert word in message and "\n" not in message


def test_a_wrong_context_file_is_an_input_error_of_check(tmp_path):
    context = tmp_path / "context.toml"
    context.write_text("letters = [")
    with pytest.raises(lemmata.InputError) as error:
        lemmata.check_text("$a = b$", "n.md", jobs=0, context=context)
    assert "TOML" in str(error.value)


def test_reading_twice_gives_the_same():
    text = displayed(r"Let $a,b>0$ and $x\sim\mathcal{N}(a,b)$.", r"\mathbb{E}[x^2] = a^2 + b")
    assert read(text) == read(text)
    assert [r.verdict for r in checked(text)] == verdicts(text)
