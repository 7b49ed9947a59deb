"""Small words of other languages that speak against an order as it stands: not, if, without, cancel, cross out."""

import re

from daemon.request.doubt import Doubt
from daemon.request.spelling import WORD, plain, words

CANCELLING = re.compile(
    r"(?<!\w)(?:(?:ab)?stornier\w*|storno|widerruf\w*|widerrief\w*|cancel(?:a|an|ar|e|en|o|os|ad[ao]|ación|amento|lare|"
    r"la|late|lo|late|chi)|annul(?:e|er|ez|ée?s?|ation|eer|eren|eert|la|lare|late|lo|i|lamento)|anul(?:a|an|ar|e|en|o|"
    r"ad[ao]|ación|amento)|disdi(?:co|re|ci|ta))(?!\w)"
)
CONDITION = words("falls sofern wenn solange bevor sobald si als indien mits tenzij qualora purché caso aunque bis")
NEGATION = words(
    "nicht nichts nie niemals kein keine keinen keinem keiner keines nein doch aber sondern erst statt stattdessen "
    "anstatt ohne außer lieber vielleicht eventuell später warten wartet warte moment nur höchstens mindestens halt "
    "zurück rückgängig versehentlich irrtum irrtümlich fehler probe angebot angebots ne n'en pas plus jamais rien sans "
    "sauf mais juste seulement plutôt peut-être attendez attendre erreur essai devis aucun aucune trop enfin lieu no "
    "nada nunca sin pero solo sólo solamente excepto salvo quizá quizás mejor espera espere esperen error prueba "
    "presupuesto menos tampoco vez non niente mai senza ma solo soltanto tranne forse aspetta aspettate errore prova "
    "preventivo invece meno nessuna nessuno troppo anziché niet niets nooit geen maar zonder alleen misschien wacht "
    "wachten fout vergissing liever behalve offerte teveel não nao nada nunca sem mas só somente talvez exceto erro "
    "teste orçamento espere oder ou oppure ovvero teuer spaß weniger mehr dazu noch auch zusätzlich aussi moins "
    "también anche ook também broma demasiado quite scherzo duur caro"
)
STEMS = re.compile(
    r"(?<!\w)(?:(?:ge|durch|weg)?str(?:eich|ich)\w*|zurück\w+|wegl(?:a|ä)ss\w*|weglassen|lösch\w+|änder\w+|"
    r"abbestell\w*|vergess\w+|vergiss|ignor(?:ier\w*|ez|e|en|a|ate)|laiss\w+|ajout\w+|olv[ií]d\w+|d[eé]j[ea]\w*|"
    r"agreg\w+|añad\w+|lasci\w+|aggiung\w+|esqueç\w+|acrescent\w+|laat|entfern\w+|korrig\w+|korrektur\w*|supprim\w+|"
    r"enlev\w+|retir(?:e|er|ez|ar|en)|remplac\w+|corrig\w+|oubli\w+|modifi\w+|elimin\w+|quit(?:a|ar|en)|borr(?:a|ar|e|"
    r"en)|reemplaz\w+|olvid\w+|cambi\w+|togli\w*|rimuov\w*|sostitui\w*|dimentic\w+|schrap\w*|verwijder\w*|vergeet|"
    r"wijzig\w*|retire|remov(?:a|am|er)|troc(?:a|ar|que))(?!\w)"
)
QUESTION = words("wann warum wieviel wieso weshalb ob pourquoi quand combien cuándo cuánto cuanto perché quanto quando")
SHARED = words(
    "si als no ne pas plus sin ma se mas mais non solo pero halt doch moment bis error prova probe lieu juste sans "
    "enfin quite retire offerte nada cancel vez nie"
)
"""Words of English or names as well: they count where nothing else in the sentence is English."""
ENGLISH = words(
    "the and is are i i'm i'd i'll my you your we our us please for of with this that these it to be on at have has "
    "will would thanks thank mr mrs ms from send"
)
DUTCH = words("de het een ik je er ze u dan niet mijn dit deze")
"""Beside these "als" is "if"; in German it is "as"."""


def foreign_doubt(text: str) -> Doubt | None:
    """The doubt that a sentence of another language than ours raises, or None."""
    lowered = plain(text)
    said = set(WORD.findall(lowered))
    said |= {part for word in said if "'" in word or "-" in word for part in re.split(r"['-]", word)}
    known = said if ENGLISH.isdisjoint(said) else said - SHARED
    known = known - {"als"} if DUTCH.isdisjoint(said) else known
    if CANCELLING.search(lowered):
        return Doubt.CANCELLING
    if not known.isdisjoint(CONDITION):
        return Doubt.CONDITION
    if not known.isdisjoint(NEGATION) or STEMS.search(lowered):
        return Doubt.CORRECTION
    return None if known.isdisjoint(QUESTION) else Doubt.QUESTION
