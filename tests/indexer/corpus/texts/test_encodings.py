"""A matrix: languages x the encodings that were used for them x 1, 10, 400 rows; and what a file says itself."""

import io
import unicodedata

import pytest

from indexer.corpus.texts import declared_in, decode, encoding_of

# Titles in each language, and the encodings that its files are in.
ROWS = {
    "Spanish": (
        "cp1252 iso8859_1 iso8859_15 mac_roman cp850 cp437",
        "Erradicación del trabajo infantil en la agricultura",
        "Protección de los niños y las niñas",
        "Capacitación técnica para jóvenes",
        "Organización Internacional del Trabajo",
        "Línea de acción: ¿quién trabaja?",
        "Cooperación con pequeñas empresas en Perú",
    ),
    "Portuguese": (
        "cp1252 iso8859_1 iso8859_15 mac_roman cp850",
        "Erradicação do trabalho infantil",
        "Proteção às crianças e aos jovens",
        "Organização não governamental",
        "Ações de formação em São Paulo",
        "Inspeção do trabalho no Pará",
        "Fundação Ceará e associação de mães",
    ),
    "French": (
        "cp1252 iso8859_15 mac_roman",
        "Élimination du travail des enfants",
        "Développement des coopératives de café",
        "Société des œuvres à Bouaké",
        "L'école pour les élèves déplacés",
        "Être protégé: où et à qui s'adresser",
        "Français et créole à Haïti",
    ),
    "German": (
        "cp1252 iso8859_1 iso8859_15 mac_roman cp850 cp437",
        "Förderung der Beschäftigung für Frauen",
        "Überprüfung der Arbeitsbedingungen",
        "Größere Betriebe und Fabriken",
        "Schutz für Jugendliche in Köln",
        "Ländliche Räume und Äcker",
        "Straße der Genossenschaft",
    ),
    "Polish": (
        "cp1250 iso8859_2 cp852",
        "Zwalczanie pracy dzieci w rolnictwie śląskim",
        "Wspieranie młodzieży i pracowników",
        "Szkolenia dla inspektorów pracy w Łodzi",
        "Zażółć gęślą jaźń",
        "Równość płac między kobietami",
        "Związek zawodowy górników",
    ),
    "Czech": (
        "cp1250 iso8859_2 cp852",
        "Odstranění dětské práce v zemědělství",
        "Ochrana zaměstnanců a žen",
        "Řemeslná výuka pro mladé",
        "Příručka pro inspektory práce",
        "Škola a odborový svaz",
        "Žádný člověk není nelegální",
    ),
    "Hungarian": (
        "cp1250 iso8859_2",
        "A gyermekmunka felszámolása",
        "Nők foglalkoztatása és képzése",
        "Munkaügyi felügyelők képzése",
        "Erősebb szakszervezetek Győrben",
        "Fiatalok jövője és jogai",
        "Őszi továbbképzés",
    ),
    "Turkish": (
        "cp1254 iso8859_9 cp857",
        "Çocuk işçiliğinin önlenmesi için eğitim",
        "Fındık üretiminde çalışan çocuklar",
        "İş sağlığı ve güvenliği",
        "Göçmen işçilerin hakları",
        "Kadınların güçlendirilmesi",
        "Tarım işçileri sendikası",
    ),
    "Russian": (
        "cp1251 koi8_r iso8859_5 cp866",
        "Искоренение детского труда в сельском хозяйстве",
        "Поддержка трудовых инспекций",
        "Обучение молодёжи",
        "Профсоюз горняков Казахстана",
        "Защита прав работников",
        "Развитие охраны труда",
    ),
    "Ukrainian": (
        "cp1251 koi8_u",
        "Подолання дитячої праці в сільському господарстві",
        "Підтримка інспекції праці",
        "Навчання молоді у Києві",
        "Захист прав працівників",
        "Розвиток профспілок",
        "Її права та гідність",
    ),
    "Greek": (
        "cp1253 iso8859_7",
        "Εξάλειψη της παιδικής εργασίας",
        "Προστασία των εργαζομένων",
        "Εκπαίδευση των νέων στην Αθήνα",
        "Επιθεώρηση εργασίας",
        "Δικαιώματα των γυναικών",
        "Συνεταιρισμοί αγροτών",
    ),
    "Arabic": (
        "cp1256 iso8859_6",
        "القضاء على عمل الأطفال في الزراعة",
        "حماية حقوق العمال المهاجرين",
        "تدريب مفتشي العمل في الأردن",
        "دعم التعاونيات النسائية",
        "الصحة والسلامة المهنية",
        "تعليم الشباب",
    ),
    "Hebrew": (
        "cp1255 iso8859_8",
        "ביעור עבודת ילדים בחקלאות",
        "הגנה על זכויות העובדים",
        "הכשרת מפקחי עבודה",
        "תמיכה בנשים",
        "בטיחות ובריאות",
        "איגוד מקצועי",
    ),
    "Vietnamese": (
        "cp1258",
        "Xóa bỏ lao động trẻ em trong nông nghiệp",
        "Bảo vệ quyền của người lao động",
        "Đào tạo thanh tra viên",
        "Hỗ trợ phụ nữ và thanh niên",
        "An toàn và sức khỏe nghề nghiệp",
        "Hợp tác xã ở Hà Nội",
    ),
    "Thai": (
        "cp874 tis_620",
        "การขจัดแรงงานเด็กในภาคเกษตร",
        "การคุ้มครองแรงงานข้ามชาติ",
        "การฝึกอบรมผู้ตรวจแรงงาน",
        "สนับสนุนสหกรณ์สตรี",
        "ความปลอดภัยและอาชีวอนามัย",
        "การศึกษาของเยาวชน",
    ),
    "Japanese": (
        "cp932 shift_jis euc_jp iso2022_jp",
        "農業における児童労働の撤廃",
        "労働者の権利を守る事業",
        "若者のための職業訓練",
        "国際労働機関との協力",
        "女性の起業を支援する",
        "サプライチェーンの監査",
    ),
    "Chinese": (
        "gb18030 gbk gb2312",
        "消除农业中的童工劳动",
        "保护移徙工人的权利",
        "青年职业培训项目",
        "国际劳工组织合作",
        "支持妇女合作社",
        "职业安全与健康",
    ),
    "Chinese (traditional)": (
        "big5 cp950",
        "消除農業中的童工勞動",
        "保護移工的權利",
        "青年職業訓練計畫",
        "國際勞工組織合作",
        "支持婦女合作社",
        "職業安全與健康",
    ),
    "Korean": (
        "euc_kr cp949",
        "농업 분야 아동 노동 근절",
        "이주 노동자의 권리 보호",
        "청년 직업 훈련 사업",
        "국제노동기구와 협력",
        "여성 협동조합을 지원",
        "산업 안전 보건",
    ),
}
UNICODE = "utf-8 utf-8-sig utf-16 utf-16-le utf-16-be utf-32 utf-32-le utf-32-be"
# What says itself what it is, or cannot be anything else.
SURE = {"utf-8", "utf-8-sig", "utf-16", "utf-32"}
# What one row cannot tell, though it is told as a guess: ő from õ, Ž from ®.
DOUBTFUL = {("Hungarian", "cp1250"), ("Hungarian", "iso8859_2")}


def saved(text, name):
    """Return a text as a program of old would have saved it."""
    if name != "cp1258":
        return text.encode(name)
    # Vietnamese had the tone as a character of its own.
    parts = (_tone_apart(char) for char in unicodedata.normalize("NFC", text))
    return "".join(parts).encode(name)


def _tone_apart(char):
    decomposed = unicodedata.normalize("NFD", char)
    tones = "".join(one for one in decomposed[1:] if one in "\u0300\u0301\u0303\u0309\u0323")
    rest = "".join(one for one in decomposed if one not in tones)
    return unicodedata.normalize("NFC", rest) + tones


def table(rows):
    """Return a table with a row for each title."""
    lines = (f"{number},{row},2020-01-01\n" for number, row in enumerate(rows))
    return "id,title,start date\n" + "".join(lines)


def read(raw):
    """Return the encoding that is found for some bytes, and their text as it is stored."""
    encoding = encoding_of(io.BytesIO(raw))
    text = raw.decode(encoding.name, encoding.errors)
    return encoding, unicodedata.normalize("NFC", text.removeprefix("\ufeff"))


CASES = [
    pytest.param(language, name, id=f"{language}-{name}")
    for language, (names, *_) in ROWS.items()
    for name in [*names.split(), *UNICODE.split()]
]


@pytest.mark.parametrize(("language", "name"), CASES)
def test_a_file_of_many_rows_is_read_rightly(language, name):
    rows = ROWS[language][1:]
    for size in (10, 400):
        text = table([rows[number % len(rows)] for number in range(size)])
        encoding, found = read(saved(text, name))
        assert found == text
        assert encoding.is_guess is (name not in SURE)


@pytest.mark.parametrize(("language", "name"), CASES)
def test_of_one_row_the_text_is_right_or_said_to_be_a_guess(language, name):
    wrong = 0
    for row in ROWS[language][1:]:
        raw = saved(table([row]), name)
        encoding, found = read(raw)
        plain = row.isascii() and b"\0" not in raw
        assert encoding.is_guess is (name not in SURE and not plain)
        if found != table([row]):
            wrong += 1
            (told,) = encoding.warnings()
            assert "by guess" in told[1]
            assert told[2] == encoding.sample != ""
    assert wrong <= 1 or (language, name) in DOUBTFUL


def test_a_text_that_two_encodings_fit_is_shown_in_both():
    encoding, _ = read("title\nErősebb szakszervezetek Győrben\n".encode("cp1250"))
    assert encoding.is_guess
    assert "Erősebb" in encoding.sample + encoding.other


def test_utf8_with_a_few_bad_rows_stays_utf8_and_names_them():
    rows = ["Erradicação do trabalho\n".encode()] * 30
    rows[4] = rows[20] = "Inspeção\n".encode("cp1252")
    encoding, text = read(b"".join(rows))
    assert encoding.name == "utf-8"
    assert [(line.number, line.sample) for line in encoding.bad_lines] == [
        (5, "Inspe\ufffd\ufffdo"), (21, "Inspe\ufffd\ufffdo"),
    ]  # fmt: skip
    assert text.count("Erradicação") == 28
    assert [line for line, _, _ in encoding.warnings()] == [5, 21]


def test_two_rows_of_two_encodings_stay_utf8():
    encoding, _ = read("Proteção às crianças\n".encode() + "Formação\n".encode("cp1252"))
    assert (encoding.name, [line.number for line in encoding.bad_lines]) == ("utf-8", [2])


def test_more_bad_lines_than_are_named_are_counted():
    raw = b"".join("Ação já começou\n".encode() * 20 + b"cut \xc3\n" for _ in range(50))
    told = list(encoding_of(io.BytesIO(raw)).warnings())
    assert len(told) == 21
    assert told[-1] == (0, "30 more lines with bytes that are not UTF-8", "")


@pytest.mark.parametrize(
    ("head", "name"),
    [
        (b"<html><head><meta charset=windows-1251>", "cp1251"),
        (b'<META http-equiv="Content-Type" content="text/html; charset=ISO-8859-1">', "cp1252"),
        (b"<?xml version='1.0' encoding='x-sjis'?>", "cp932"),
        (b"<meta charset='utf-16'>", "utf-8"),
        (b"<!-- <meta charset=koi8-r> --><meta charset=cp1253>", "cp1253"),
        (b"<meta name=x content=y>", ""),
        (b"<meta charset=nonsense-9>", ""),
        (b"<meta " * 100_000, ""),
    ],
    ids=["short", "old", "xml", "utf-16", "comment", "none", "unknown", "unclosed"],
)
def test_what_a_page_says_of_itself(head, name):
    assert declared_in(head) == name


def test_a_page_is_believed_where_it_can_be_true():
    raw = "<meta charset=koi8-r><p>Труд".encode("koi8-r")
    encoding = encoding_of(io.BytesIO(raw), "koi8-r")
    assert (encoding.name, encoding.is_guess) == ("koi8-r", False)


def test_a_page_that_is_utf8_and_says_otherwise_is_utf8_and_told():
    encoding = encoding_of(io.BytesIO("<meta charset=cp1252>Verité".encode()), "cp1252")
    assert (encoding.name, encoding.is_guess, encoding.sample) == (
        "utf-8",
        True,
        "<meta charset=cp1252>Verité",
    )


def test_a_page_that_says_utf8_and_is_not_is_guessed():
    raw = "<meta charset=utf-8><p>Erradicação do trabalho</p>".encode("cp1252")
    encoding = encoding_of(io.BytesIO(raw), "utf-8")
    assert (encoding.name, encoding.is_guess) == ("cp1252", True)
    assert encoding.reason.startswith(
        "it says that it is UTF-8, which it is not, and its letters are Portuguese"
    )


@pytest.mark.parametrize(
    "raw", [b"", b"\0", b"\xff", b"\xff\xfe", bytes(range(256)), b"\0" * 1001, b"\xc3" * 9]
)
def test_any_bytes_have_a_text(raw):
    assert isinstance(decode(raw), str)
    assert list(encoding_of(io.BytesIO(raw)).warnings()) is not None
