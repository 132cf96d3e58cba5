"""Languages of headings: which one it is, and what columns are called in the north and east of Europe.

FIELDS and KINDS follow the usual names (`names`), by field and by what a column is about, in Czech, Danish,
Dutch, Finnish, Norwegian, Polish and Swedish. Marks on letters are left aside when names are compared
(`key_of`), so one spelling does; but `ł` and `ø` are letters of their own.
"""

from __future__ import annotations

import re

FIELDS = {
    "id": "prosjektnummer prosjektnr projectnummer projectnr dossiernummer diarienummer journalnummer"
    " paatosnumero numer_umowy registracni_cislo_projektu registracni_cislo cislo_projektu",
    "title": "prosjekttittel prosjektnavn tittel projekttittel projektnavn projektets_titel projectnaam"
    " projecttitel hankkeen_nimi projektin_nimi nazwa_projektu tytul_projektu tytuł_projektu tytuł"
    " nazev_projektu nazev",
    "description": "prosjektsammendrag prosjektbeskrivelse sammendrag beskrivelse projektbeskrivelse"
    " sammanfattning beskrivning projektbeskrivning samenvatting omschrijving beschrijving"
    " projectomschrijving kuvaus tiivistelma opis opis_projektu skrócony_opis_projektu popis_projektu"
    " popis anotace",
    "start": "prosjektstart startdato prosjektstartdato kontrakt_startdato projektstart datumstart"
    " projectstart begindatum aloituspaiva alkupaiva alkamispaiva rahoituskausi_alkaa"
    " data_rozpoczęcia data_rozpoczęcia_realizacji_projektu datum_zahajeni zahajeni"
    " datum_zahajeni_projektu zahajeni_projektu",
    "end": "prosjektslutt sluttdato prosjektsluttdato kontrakt_sluttdato slutdato slutdatum datumslut"
    " projektslut projektslutt einddatum projecteinde eind lopetuspaiva paattymispaiva"
    " rahoituskausi_paattyy data_zakończenia data_zakończenia_realizacji_projektu datum_ukonceni ukonceni"
    " datum_ukonceni_projektu ukonceni_projektu",
    "grantee": "prosjektansvarlig organisasjonsnavn organisasjon bevillingsmottaker mottaker"
    " tilskudsmodtager modtager bevillingshaver mottagare bidragsmottagare koordinator koordinatororg"
    " medelsforvaltare ontvanger begunstigde aanvrager penvoerder hoofdaanvrager instelling organisaatio"
    " saaja avustuksen_saaja hakija beneficjent nazwa_beneficjenta prijemce nazev_prijemce prijemce_dotace",
}
KINDS = {
    "amount": "totalbevilgning innvilget_belop innvilget_beløp tildelt_beløp tildelt_belop bevilget_belob"
    " bevilget_beløb beløb belop beløp beviljat_bidrag belopp bidrag toegekend_bedrag"
    " bedrag_verleend bedrag subsidiebedrag myonnetty_summa kwota wartość_projektu vyse_dotace castka dotace",
    "country": "maa",
    "region": "fylke län maakunta województwo provincie kraj",
    "programme": "programma ohjelma utlysning",
    "funder": "finansiär subsidieverstrekker rahoittaja",
}
_WORDS = {
    "Czech": r"\b(?:n[áa]zev|p[řr][íi]jemce|zah[áa]jen[íi]|ukon[čc]en[íi]|popis|dotace|kraj|projektu)\b",
    "Danish or Norwegian": r"\b(?:\w*tittel|\w*navn|startdato|slutt?dato|\w*mottaker|modtager|bel[øo][pb])\b",
    "Dutch": r"\b(?:project(?:naam|titel)|begindatum|einddatum|ontvanger|aanvrager|bedrag|samenvatting)\b",
    "Finnish": r"\b(?:hankkeen|nimi|alkaa|p[äa][äa]ttyy|\w*p[äa]iv[äa]|summa|kuvaus)\b",
    "French": r"\b(?:projet|titre|d[ée]but|b[ée]n[ée]ficiaire|montant|pays|intitul[ée]|r[ée]sum[ée])\b",
    "German": r"\b(?:(?:projekt)?(?:beginn|ende|titel|beschreibung)|laufzeit|thema|f[öo]rdersumme|betrag"
    r"|\w*empf[äa]nger|projekttr[äa]ger)\b",
    "Italian": r"\b(?:progetto|titolo|inizio|fine|importo|descrizione|paese|oggetto)\b",
    "Polish": r"\b(?:projektu|rozpocz[ęe]cia|zako[ńn]czenia|beneficjenta?|kwota|opis|nazwa)\b",
    "Portuguese": r"\b(?:projeto|t[ií]tulo|descri[cç][aã]o|in[ií]cio|t[ée]rmino|benefici[aá]ri[oa]|data)\b",
    "Spanish": r"\b(?:fecha|proyecto|descripci[oó]n|inicio|beneficiari[oa]|entidad|monto|pa[ií]s)\b",
    "Swedish": r"\b(?:projekttitel|slutdatum|startdatum|belopp|mottagare|sammanfattning|beskrivning)\b",
}


def language_of(names: tuple[str, ...]) -> str:
    """Return the language that headings are in, of those that put the day first; "" if none."""
    text = " ".join(names).replace("_", " ").casefold()
    counts = {language: len(set(re.findall(pattern, text))) for language, pattern in _WORDS.items()}
    best = max(counts, key=lambda language: counts[language])
    return best if counts[best] > 1 else ""
