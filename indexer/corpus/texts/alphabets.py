"""What a text in a language shows beyond ASCII, by which an old encoding is told from its neighbours.

Of each language: the encodings it was saved in before UTF-8, the commonest first; its letters beyond ASCII,
the commonest first (of the Latin ones all that its spelling has; of other scripts those that make up a
text); and short words that hardly a sentence is without. The letters are those of the languages' alphabets,
their order by frequency as in any table of letter frequencies; only the rough order matters.
"""

from __future__ import annotations

from dataclasses import dataclass

WESTERN = ("cp1252", "iso8859_15", "mac_roman", "cp850", "cp437")
CENTRAL = ("cp1250", "iso8859_2", "cp852", "mac_latin2")
BALTIC = ("cp1257", "iso8859_13")
TURKISH = ("cp1254", "cp857", "mac_turkish")
CYRILLIC = ("cp1251", "koi8_u", "iso8859_5", "cp866", "mac_cyrillic")
GREEK = ("cp1253", "iso8859_7", "cp737", "mac_greek")
ARABIC = ("cp1256", "iso8859_6")
HEBREW = ("cp1255", "cp862")
THAI = ("cp874",)
VIETNAMESE = ("cp1258",)
JAPANESE = ("cp932", "euc_jp")
CHINESE = ("gb18030", "cp950")
KOREAN = ("cp949",)


@dataclass(frozen=True, slots=True)
class Language:
    """A language: its name, its old encodings, its letters beyond ASCII and its commonest short words."""

    name: str
    encodings: tuple[str, ...]
    letters: str
    words: frozenset[str]


def _language(name: str, encodings: tuple[str, ...], letters: str, words: str) -> Language:
    return Language(name, encodings, letters, frozenset(words.split()))


# Of languages that share letters and encodings the one with more readers comes first.
LANGUAGES = (
    _language("English", WESTERN, "éóáíñüçèãöôêúâàäåø", "the of and to in for with on by is are"),
    _language("Spanish", WESTERN, "óíáéñúü¿¡ºª", "de la el en y los las del para con por una que se al"),
    _language("Portuguese", WESTERN, "ãçéáíóêõâúàôüºª", "de do da dos das e em no na para com por os ao que"),
    _language(
        "French", WESTERN, "éèàêçôâîûùœïëæÿ«»", "de la le les des du et en pour dans au aux une sur par"
    ),
    _language("German", WESTERN, "üäößé„", "der die und in den von zu das mit für im des ist"),
    _language("Italian", WESTERN, "àèòùéì", "di e il la che per in del della dei con delle un gli"),
    _language("Dutch", WESTERN, "ëéïöü", "de van het een en in voor met op te dat"),
    _language("Catalan", WESTERN, "óàéèíòçúïü·", "de la i el els les per amb en del que una"),
    _language("Swedish", WESTERN, "äöåé", "och i att det som en på av för med till den"),
    _language("Danish or Norwegian", WESTERN, "øåæéö", "og i at det som en på av for med til den er"),
    _language("Finnish", WESTERN, "äöå", "ja on ei se että tai ovat"),
    _language("Icelandic", (*WESTERN[:3], "mac_iceland"), "áíðöéóþúæý", "og að er sem um til frá við í á"),
    _language("Albanian", WESTERN, "ëç", "e dhe për me të në një nga"),
    _language("Polish", CENTRAL, "łóążęćśńź", "w i z na do się oraz dla od po jest nie przez"),
    _language("Czech", CENTRAL, "íáéěřčšžýůúťňďó", "a v na se pro je do ve za od které"),
    _language("Slovak", CENTRAL, "áíéčšžýúľťňôäďóŕĺ", "a v na sa pre je do vo za od ktoré"),
    _language("Hungarian", CENTRAL, "áéőöüóíúű", "a az és hogy nem egy is meg ez"),
    _language("Romanian", CENTRAL, "ăîşţâșț", "de și şi în la a pentru din cu pe care"),
    _language("Croatian or Slovene", CENTRAL, "čšžćđ", "i u je na za se od su da in za"),
    _language("Lithuanian", BALTIC, "ėųšžčąįęū", "ir kad su iš į bei yra"),
    _language("Latvian", BALTIC, "āīēšūņļģķžč", "un ir no uz ar par"),
    _language("Estonian", BALTIC, "äõüöšž", "ja on ei et ning"),
    _language("Turkish", TURKISH, "ıüşğçöİâî", "ve bir bu için ile da de olan"),
    _language("Vietnamese", VIETNAMESE, "", "và của các cho trong là có được"),
    _language("Russian", CYRILLIC, "оеаинтсрвлкмдпугяызбйьчхжшюцщэфёъ", "и в на с по для из к от"),
    _language("Ukrainian", CYRILLIC, "оаніирвтесклудмпзяьбгйчхцїюжєшщфґ", "і в на з та для до від у"),
    _language("Bulgarian", CYRILLIC, "аиоентрсвлкдпмзгяъубчцйжщхшфюь", "и на в за да от се с по"),
    _language(
        "Serbian or Macedonian", CYRILLIC, "аиоенрстукјвдмплгзбшцжћљњхђчфџќѓѕ", "и у је на за се од да"
    ),
    _language("Greek", GREEK, "ατοιενρσκηπςυμλίόάγέδήωχθύφβξώζψϊϋ«»", "και του της το την για με στην"),
    _language("Arabic", ARABIC, "اليمونرتبةعدسفهكقأحجشطصىخإذغءضئزثظؤآ،", "في من على إلى عن"),
    _language("Persian", ARABIC, "ایردنهومتبسلکشزفگعخقجآپحطصچغضژئذظث،", "و در به از که این"),
    _language("Hebrew", HEBREW, "יוהלרבתמאשנעםדקחפסכגטצןזךףץ", "של על את עם"),
    _language("Thai", THAI, "านรอกเงมยลวดทสตะปบคหแจพชขใ่้ีิัืุูำไโๆ็์ึณศษฐผฝฟถธญภซฎฏฤ", ""),
    _language("Japanese", JAPANESE, "日一人年大国会事業支援者労働児童", ""),
    _language("Chinese", CHINESE, "", ""),
    _language("Korean", KOREAN, "이다에의는로하을가고지서한은기으대사시를리도인동업원", ""),
)

# The commonest characters of Chinese, simplified and traditional.
CHINESE_COMMON = frozenset(
    "的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子得于着下自之年过发后作里用道行所然家种事成方"
    "多经么去法学如都同现当没动面起看定天分还进好小部其些主样理心本前开但因只从想实日者意无力它与长把机十民第公此已工使情明性"
    "這個們來為國說時會對過發後裡種經麼學現當沒動還進樣開從實無與長機業項勞童區員際權護強業目区劳际权护强员项支持农村社保障"
)
