"""Names for invented people, in the scripts in which their owners would write them. None is a real patient's."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Naming:
    """Given and family names of one place; ``pattern`` puts them in the order and the way in which they are written."""

    given: Sequence[str]
    family: Sequence[str]
    pattern: str = "{given} {family}"


def _names(given: str, family: str, pattern: str = "{given} {family}") -> Naming:
    return Naming(given.split(), family.split(), pattern)


NAMINGS: Sequence[Naming] = (
    _names(
        "Siobhán Éabha Gwen Rhys Oliver Charlotte Isla Callum Imogen Freya Niamh Tomos Eleri Hugh Beatrix Alasdair",
        "O’Brien Llewellyn Ashworth MacDonald Fairweather Penhaligon Whitby Ó-Súilleabháin Carr Haworth Pryce Baines",
    ),
    _names(
        "Zoë René Élodie Aurélie François Noémie Jérôme Maëlle Anaïs Léonie",
        "Lefèvre Garçon D’Aubigné Beaumont Nguyễn Crépin Boulanger Fontaine L’Hôpital Géraud",
    ),
    _names(
        "Jürgen Björk Søren Åsa Märta Jörg Käthe Ragnhild Lærke Þórunn",
        "Müller Ångström Østergaard Groß Häkkinen Blöndal Ørsted Weiß Lindström Bjørnson",
    ),
    _names(
        "Łukasz Żaneta Jiří Ľudmila Zoltán Szilvia Božena Ștefan Țara Ørjan",
        "Wójcik Dvořák Kovács Țepeș Šimić Nagy-Szabó Łęcki Růžičková Đurić Ožbolt",
    ),
    _names(
        "José Inês João Núria Begoña Íñigo Conceição Joaquín Lucía Ágata",
        "García-Márquez Gonçalves Peña Muñoz Magalhães Ibáñez Casanova Quiñones Araújo Etxeberria",
    ),
    _names("Ayşe Çağla İsmail Gökhan Özlem Şebnem Ülkü", "Yılmaz Çelik Işık Öztürk Gümüş Şahin Akgün"),
    _names("Linh Thảo Mỹ Phượng Hằng", "Trần Phạm Đặng Vũ Huỳnh Ngô", "{family} Thị {given}"),
    _names(
        "Анна Дмитрий Ольга Юлия Сергій Любов Мария Фёдор Ксенія",
        "Шевченко Кравченко Бойко Черных Їжакевич Мельник Коваль Живаго",
    ),
    _names("Ελένη Σοφία Δέσποινα Ευαγγελία Ζωή", "Παπαδοπούλου Νικολάου Ξενάκη Αγγέλου Οικονόμου Ψαρρά"),
    _names("فاطمة محمد ليلى يوسف نور سلمى", "الحسيني العلي حداد منصور القاسم الخطيب"),
    _names("שירה נועם יעל אריאל תמר", "כהן לוי ברק שפירא אלון"),
    _names("प्रिया अर्जुन दीपिका राहुल मीनाक्षी", "शर्मा गुप्ता नायर पटेल चौधरी"),
    _names("মিতা রহিম শিউলি তানভীর", "চট্টোপাধ্যায় হোসেন সরকার দত্ত"),
    _names("கவிதா முருகன் மீனா அருண்", "சுப்பிரமணியம் இளங்கோ நடராஜன்"),
    _names("丽 秀英 伟 晓明 雅婷", "王 李 欧阳 張 陳", "{family}{given}"),
    _names("さくら 健太 美咲 陽菜", "佐藤 髙橋 渡邊 小鳥遊", "{family} {given}"),
    _names("민준 서연 지우 하은", "김 박 이 남궁", "{family}{given}"),
    _names("สมชาย มาลี ปรียา อรุณ", "แก้วมณี สุขใจ วงศ์สวัสดิ์ ทองดี"),
    _names("ნინო გიორგი თამარ", "ბერიძე კაპანაძე გელაშვილი"),
    _names("Անի Արմեն Նարե", "Պետրոսյան Հակոբյան Սարգսյան"),
    _names("ሰላም አበበ ሀና", "ተስፋዬ ገብረ በቀለ"),
    _names("Chioma Ọlá Nkechi Thabo Nomvula Kwame Adaeze", "Okonjo Adébáyọ̀ Mokoena Nwachukwu Mensah Dlamini"),
    _names("Keanu Leilani Moana Tāne Aroha", "Kahananui Parāone Tūhoe Ngata Kealoha"),
)
