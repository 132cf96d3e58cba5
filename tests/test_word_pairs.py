"""Pairs of words, each in a project of its own: those that are one word to a searcher find each other, others never."""

import pytest

from indexer.document import Project
from tests.asking import asking
from tests.building import engine_of

# What only looks alike, in one form or another.
APART = """
universe / university, universes / universities, universal / university, universally / universities, organ / organization,
organs / organized, organic / organizing, organism / organizers, import / important, imports / importance,
importing / importantly, experience / experiment, experiences / experimental, experienced / experiments, past / paste,
past / pasting, animal / animation, animals / animated, aid / AIDS, aiding / aids, general / generate, generals / generated,
generation / generating, policy / police, policies / policing, author / authority, authors / authorities,
authored / authorized, custom / customer, customs / customers, custom / customized, international / interned,
capital / capitalism, capitals / capitalize, commune / community, communism / communities, human / humanities,
humans / humanism, minor / minority, minors / minorities, miner / mineral, miners / minerals, nation / nationality,
object / objective, objects / objections, person / personality, public / publication, secret / secretion, state / stately,
social / socialism, native / nativity, iron / irony, ironing / ironic, protest / protestant, protests / protestants,
department / depart, departments / departed, hospital / hospitality, identity / identical, apartment / apart,
tribunal / tribune, executive / execution, union / unit, unite / unit, united / units, political / polite, sever / severe,
several / severed, ration / rational, rations / rationally, position / positive, literal / literate, evening / even,
wilderness / wild, business / busy, businesses / busier, race / racing, parks / parking, goods / good, means / mean,
doctor / doctorate, engine / engineer, engines / engineering, office / officer, appropriate / appropriation,
conference / confer, candidate / candid, decade / decadent, facility / facile, habit / habitation, negligible / negligence,
vegetable / vegetation, medical / medication, cooper / cooperative, main / Maine, mary / marie, wolf / Wolfe, cell / well,
AAS / AA, who / WHOIS, cocoa / coconut, kiln / killing, mason / masonry, court / courtship,
15 / 1-5, 15 / 1.5, 1918 / 19-18
"""
# One word in two forms, one thing under two names.
TOGETHER = """
court / courts, city / cities, inspect / inspecting, inspection / inspections, plan / planned, organize / organizations,
organise / organized, university / universities, universe / universes, organ / organs, import / imported, animal / animals,
experience / experienced, experiment / experimental, gas / gases, lens / lenses, bus / buses, add / added, staff / staffing,
author / authors, mineral / minerals, minority / minorities, labour / labor, labour / labors, colour / colors,
centre / centers, programme / programs, theatre / theaters, defence / defenses, travelling / traveled, analyse / analyzed,
catalogue / catalogs, archaeology / archeology, grey / gray, child / children, woman / women, man / men, person / people,
foot / feet, crisis / crises, criterion / criteria, analysis / analyses, fisherman / fishermen, wife / wives,
follow-ups / followups, child-labor / childlabor, verité / verite, NGO / NGOs, worker's / workers, U.S.A. / USA,
kids / children, sweatshop / garment factory, chocolate / cocoa, trabajo infantil / child labour,
travail des enfants / child labor, trabalho infantil / child labour, trabajo forzoso / forced labor,
travail forcé / forced labour, trabalho forçado / forced labor, sindicato / trade union, syndicat / trade union,
human trafficking / trafficking in persons, trata de personas / human trafficking, footwear / shoes, apparel / garments,
automotive / automobiles, teenager / adolescents, lawyer / attorneys, unemployed / jobless, cadena de suministro / supply chain,
derechos laborales / labor rights, salario mínimo / minimum wage, négociation collective / collective bargaining,
libertad sindical / freedom of association, Burma / Myanmar, Ivory Coast / Côte d'Ivoire, Brazil / Brazilian,
farmworkers / farm workers, sugarcane / sugar cane, payslip / pay slips, daycare / child care, huelga / work stoppage,
trabajadores agrícolas / farm workers, pueblos indígenas / indigenous peoples, equal pay / pay equity,
50.000 / 50000
"""


def pairs(table):
    return [tuple(pair.strip().split(" / ")) for pair in " ".join(table.split()).split(",") if pair.strip()]


WORDS = dict.fromkeys(word for table in (APART, TOGETHER) for pair in pairs(table) for word in pair)
IDS = {word: f"p{number}" for number, word in enumerate(WORDS)}


@pytest.fixture(scope="module")
def engine(tmp_path_factory):
    projects = [Project(IDS[word], word) for word in WORDS]
    return engine_of(tmp_path_factory.mktemp("pairs"), projects)


def finds(engine, typed, other):
    return IDS[other] in {hit.project.id for hit in engine.every_hit(asking(q=typed))}


def cases(table):
    return [pytest.param(*pair, id=" / ".join(pair)) for pair in pairs(table)]


@pytest.mark.parametrize(("one", "other"), cases(APART))
def test_words_that_only_look_alike_do_not_find_each_other(engine, one, other):
    assert finds(engine, one, one)
    assert finds(engine, other, other)
    assert not finds(engine, one, other)
    assert not finds(engine, other, one)


@pytest.mark.parametrize(("one", "other"), cases(TOGETHER))
def test_forms_and_names_of_one_thing_find_each_other(engine, one, other):
    assert finds(engine, one, other)
    assert finds(engine, other, one)


def test_the_tables_are_long_enough_to_say_something():
    assert min(len(pairs(APART)), len(pairs(TOGETHER))) >= 60
