import { parseOffset } from "./utc-offset.ts";

/*
 * Written by engine/golden/clock/zone-abbreviations.py; do not edit. The data is the IANA time-zone database's, which
 * is in the public domain. A group is: letters with their offset from UTC, a colon, the zones.
 */
const TABLE = `\
ACST+0930: Australia/Darwin Australia/North
ACST+0930 ACDT+1030: Australia/Adelaide Australia/Broken_Hill Australia/South Australia/Yancowinna
AEST+1000: Australia/LHI Australia/Lord_Howe
AEST+1000 AEDT+1100: Antarctica/Macquarie Australia/ACT Australia/Brisbane Australia/Canberra Australia/Currie
  Australia/Hobart Australia/Lindeman Australia/Melbourne Australia/NSW Australia/Queensland Australia/Sydney
  Australia/Tasmania Australia/Victoria
AHST-1000 AKST-0900 AKDT-0800: America/Anchorage US/Alaska
AKST-0900 AKDT-0800: America/Yakutat
AKST-0900 AKDT-0800 PDT-0700: America/Juneau America/Metlakatla America/Sitka
AST-0400: America/Anguilla America/Antigua America/Aruba America/Blanc-Sablon America/Curacao America/Dominica
  America/Grenada America/Guadeloupe America/Kralendijk America/Lower_Princes America/Marigot America/Miquelon
  America/Montserrat America/Port_of_Spain America/Puerto_Rico America/St_Barthelemy America/St_Kitts America/St_Lucia
  America/St_Thomas America/St_Vincent America/Tortola America/Virgin
AST-0400 ADT-0300: America/Barbados America/Glace_Bay America/Halifax America/Martinique America/Moncton America/Thule
  Atlantic/Bermuda Canada/Atlantic
AST-0400 ADT-0300 ADDT-0200: America/Goose_Bay
AWST+0800 AWDT+0900: Australia/Perth Australia/West
BST-1100 BDT-1000 AKST-0900 AKDT-0800: America/Nome
BST-1100 HST-1000 HDT-0900: America/Adak America/Atka US/Aleutian
CAT+0200: Africa/Blantyre Africa/Bujumbura Africa/Gaborone Africa/Harare Africa/Kigali Africa/Lubumbashi Africa/Lusaka
  Africa/Maputo
CAT+0200 EAT+0300: Africa/Juba Africa/Khartoum
CET+0100 CEST+0200: Africa/Tunis Arctic/Longyearbyen Atlantic/Jan_Mayen CET Europe/Amsterdam Europe/Andorra
  Europe/Belgrade Europe/Berlin Europe/Bratislava Europe/Brussels Europe/Budapest Europe/Busingen Europe/Copenhagen
  Europe/Gibraltar Europe/Ljubljana Europe/Luxembourg Europe/Madrid Europe/Malta Europe/Monaco Europe/Oslo Europe/Paris
  Europe/Podgorica Europe/Prague Europe/Rome Europe/San_Marino Europe/Sarajevo Europe/Skopje Europe/Stockholm
  Europe/Tirane Europe/Vaduz Europe/Vatican Europe/Vienna Europe/Warsaw Europe/Zagreb Europe/Zurich Poland
CET+0100 EET+0200: Africa/Tripoli Libya
CET+0100 EET+0200 EEST+0300 MSD+0400: Europe/Vilnius
CST+0800 CDT+0900: Asia/Chongqing Asia/Chungking Asia/Harbin Asia/Macao Asia/Macau Asia/Shanghai Asia/Taipei PRC ROC
CST-0500 CDT-0400: America/Havana Cuba
CST-0600: America/Regina Canada/Saskatchewan
CST-0600 CDT-0500: America/Belize America/Chicago America/Costa_Rica America/El_Salvador America/Guatemala
  America/Indiana/Knox America/Knox_IN America/Managua America/Matamoros America/Menominee America/Merida
  America/Mexico_City America/Monterrey America/Rainy_River America/Rankin_Inlet America/Resolute America/Tegucigalpa
  America/Winnipeg CST6CDT Canada/Central Mexico/General US/Central US/Indiana-Starke
CST-0600 CDT-0500 EDT-0400: America/Indiana/Tell_City
CST-0600 EST-0500 EDT-0400: America/Cancun America/Indiana/Petersburg America/Indiana/Vincennes America/Indiana/Winamac
  America/Iqaluit America/Kentucky/Monticello America/Pangnirtung
ChST+1000 GDT+1100: Pacific/Guam Pacific/Saipan
EAT+0300: Africa/Addis_Ababa Africa/Asmara Africa/Asmera Africa/Dar_es_Salaam Africa/Djibouti Africa/Kampala
  Africa/Mogadishu Africa/Nairobi Indian/Antananarivo Indian/Comoro Indian/Mayotte
EET+0200: Asia/Amman Asia/Damascus Asia/Istanbul Europe/Istanbul Turkey
EET+0200 EEST+0300: Africa/Cairo Asia/Beirut Asia/Famagusta Asia/Gaza Asia/Hebron Asia/Nicosia EET Egypt Europe/Athens
  Europe/Bucharest Europe/Helsinki Europe/Mariehamn Europe/Nicosia Europe/Sofia
EET+0200 EEST+0300 MSD+0400: Europe/Chisinau Europe/Kiev Europe/Kyiv Europe/Riga Europe/Tallinn Europe/Tiraspol
  Europe/Uzhgorod Europe/Zaporozhye
EET+0200 MSD+0400: Europe/Kaliningrad Europe/Minsk
EET+0200 MSK+0300 MSK+0400: Europe/Moscow Europe/Simferopol W-SU
EST-0500: America/Atikokan America/Cayman America/Coral_Harbour America/Panama EST
EST-0500 AST-0400: America/Santo_Domingo
EST-0500 EDT-0400: America/Detroit America/Fort_Wayne America/Grand_Turk America/Indiana/Indianapolis
  America/Indiana/Marengo America/Indiana/Vevay America/Indianapolis America/Jamaica America/Kentucky/Louisville
  America/Louisville America/Montreal America/Nassau America/New_York America/Nipigon America/Port-au-Prince
  America/Thunder_Bay America/Toronto Canada/Eastern EST5EDT Jamaica US/East-Indiana US/Eastern US/Michigan
GMT+0000: Africa/Abidjan Africa/Accra Africa/Bamako Africa/Banjul Africa/Bissau Africa/Conakry Africa/Dakar
  Africa/Freetown Africa/Lome Africa/Nouakchott Africa/Ouagadougou Africa/Timbuktu America/Danmarkshavn
  Atlantic/Reykjavik Atlantic/St_Helena Etc/GMT Etc/GMT+0 Etc/GMT-0 Etc/GMT0 Etc/Greenwich GMT GMT+0 GMT-0 GMT0
  Greenwich Iceland
GMT+0000 BST+0100: Europe/Belfast Europe/Guernsey Europe/Isle_of_Man Europe/Jersey Europe/London GB GB-Eire
GMT+0000 IST+0100: Eire Europe/Dublin
GMT+0000 WAT+0100: Africa/Sao_Tome
HKT+0800 HKST+0900: Asia/Hong_Kong Hongkong
HST-1000: HST Pacific/Honolulu Pacific/Johnston US/Hawaii
IST+0200 IDT+0300: Asia/Jerusalem Asia/Tel_Aviv Israel
IST+0530: Asia/Calcutta Asia/Kolkata
JST+0900: Asia/Tokyo Japan
KST+0830 KST+0900: Asia/Pyongyang
KST+0900 KDT+1000: Asia/Seoul ROK
MET+0100 MEST+0200: MET
MMT-004430 GMT+0000: Africa/Monrovia
MSK+0300: Europe/Volgograd
MSK+0300 MSK+0400: Europe/Kirov
MST-0700: America/Creston America/Phoenix MST US/Arizona
MST-0700 CST-0600: America/Swift_Current
MST-0700 CST-0600 CDT-0500: America/Bahia_Banderas America/Chihuahua America/North_Dakota/Beulah
  America/North_Dakota/Center America/North_Dakota/New_Salem America/Ojinaga
MST-0700 MDT-0600: America/Boise America/Denver America/Edmonton America/Hermosillo America/Mazatlan America/Shiprock
  America/Yellowknife Canada/Mountain MST7MDT Mexico/BajaSur Navajo US/Mountain
MST-0700 MDT-0600 CDT-0500: America/Ciudad_Juarez
MST-0700 MDT-0600 EST-0500: America/Cambridge_Bay
NST-0330 NDT-0230 NDDT-0130: America/St_Johns Canada/Newfoundland
NZST+1200 NZDT+1300: Antarctica/McMurdo Antarctica/South_Pole NZ Pacific/Auckland
PKT+0500 PKST+0600: Asia/Karachi
PST+0800 PDT+0900: Asia/Manila
PST-0800 MST-0700: America/Dawson_Creek America/Fort_Nelson America/Whitehorse Canada/Yukon
PST-0800 MST-0700 MDT-0600: America/Inuvik
PST-0800 PDT-0700: America/Ensenada America/Los_Angeles America/Santa_Isabel America/Tijuana America/Vancouver
  Canada/Pacific Mexico/BajaNorte PST8PDT US/Pacific
SAST+0200: Africa/Johannesburg Africa/Maseru Africa/Mbabane
SST-1100: Pacific/Midway Pacific/Pago_Pago Pacific/Samoa US/Samoa
UTC+0000: Etc/UCT Etc/UTC Etc/Universal Etc/Zulu UCT UTC Universal Zulu
WAT+0100: Africa/Bangui Africa/Brazzaville Africa/Douala Africa/Kinshasa Africa/Lagos Africa/Libreville Africa/Luanda
  Africa/Malabo Africa/Niamey Africa/Porto-Novo
WAT+0100 CAT+0200: Africa/Windhoek
WAT+0100 WAST+0200: Africa/Ndjamena
WEST+0100: Atlantic/Azores
WET+0000 CET+0100 CEST+0200: Africa/Algiers Africa/Ceuta
WET+0000 WEST+0100: Atlantic/Canary Atlantic/Faeroe Atlantic/Faroe Atlantic/Madeira WET
WET+0000 WEST+0100 CEST+0200: Europe/Lisbon Portugal
WIB+0700: Asia/Jakarta
WIB+0700 WITA+0800: Asia/Pontianak
WIT+0900: Asia/Jayapura
WITA+0800: Asia/Makassar Asia/Ujung_Pandang
YST-0900 PST-0800 MST-0700: America/Dawson
`;

const byZone = new Map<string, ReadonlyMap<number, string>>();

function readTable(): void {
  for (const group of TABLE.trim().split(/\n(?! )/)) {
    const [letters = "", zones = ""] = group.split(": ");
    const abbreviations = new Map<number, string>();
    for (const [, name = "", offset = ""] of letters.matchAll(/([A-Za-z]+)([+-]\d+)/g)) {
      abbreviations.set(parseOffset(offset) ?? 0, name);
    }
    for (const zone of zones.split(/\s+/)) {
      byZone.set(zone.toLowerCase(), abbreviations);
    }
  }
}

/**
 * The abbreviations that the IANA database last had, since 1970, for each offset (in seconds) of a zone, such as `CET`
 * and `CEST`.
 *
 * `Intl` does not have them: it writes `GMT+1`, or what is usual in a language.
 *
 * @returns `undefined` when the zone has had no name in letters.
 */
export function zoneAbbreviations(name: string): ReadonlyMap<number, string> | undefined {
  if (byZone.size === 0) {
    readTable();
  }
  return byZone.get(name.toLowerCase());
}
