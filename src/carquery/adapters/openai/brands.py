"""Makers' names, spelt one way: theirs, without accents."""

from typing import Final


def canonical_brand(written: str) -> str:
    """The one spelling of a name that models write in several ways; a name that is not known stays as it is."""
    key = "".join(sign for sign in written.casefold() if sign.isalnum())
    return _BY_KEY.get(key, written)


_SPELLINGS: Final = """
Alfa Romeo: альфа ромео
Audi: ауди
Aurus: аурус
BAIC: байк
Belgee: белджи
BMW: бмв
BYD: бид
Cadillac: кадиллак
Changan: чанган
Chery: чери
Chevrolet: шевроле, chevy
Chrysler: крайслер
Citroen: citroën, ситроен
Daewoo: дэу, деу
Datsun: датсун
Dodge: додж
Dongfeng: донгфенг
Evolute: эволют
Exeed: эксид
FAW: фав
Fiat: фиат
Ford: форд
GAC: гак
GAZ: газ, gaz (газ)
Geely: джили
Genesis: генезис
Great Wall: грейт вол
Haval: хавал, хавейл
Honda: хонда
Hongqi: хунци
Hyundai: хендай, хундай, хёндай, хендэ
Infiniti: инфинити, infinity
Isuzu: исузу
JAC: джак
Jaecoo: джейку
Jaguar: ягуар
Jeep: джип
Jetour: джетур
Jetta: джетта
Kaiyi: кайи
Kia: киа, kia motors
Lada: лада, ваз, vaz, lada (ваз), lada (vaz), ваз (lada), vaz (lada), автоваз, avtovaz, жигули
Land Rover: ленд ровер, лэнд ровер, landrover
Lexus: лексус
Li Auto: лисян, lixiang, li xiang, li, lixiang (li auto)
Livan: ливан
Mazda: мазда
Mercedes-Benz: mercedes, мерседес, mercedes benz, мерседес-бенц, mb
Mini: мини
Mitsubishi: мицубиси, митсубиси, mitsubishi motors
Moskvich: москвич, moskvitch
Nissan: ниссан
Omoda: омода
Opel: опель
Peugeot: пежо
Porsche: порше
Ravon: равон
Renault: рено
Rolls-Royce: rolls royce, роллс ройс
SEAT: сеат
Skoda: škoda, шкода
Smart: смарт
Solaris: солярис
SsangYong: ссангйонг, ssang yong
Subaru: субару
Suzuki: сузуки
Tank: танк
Tesla: тесла
Toyota: тойота
UAZ: уаз
Volkswagen: фольксваген, vw, volkswagen (vw), vw (volkswagen)
Volvo: вольво
Voyah: воя
Xiaomi: сяоми
Zeekr: зикр
"""
"""The one spelling: others that become it. Case, spaces and signs do not count."""


def _read(spellings: str) -> dict[str, str]:
    by_key: dict[str, str] = {}
    for line in spellings.strip().splitlines():
        name, _, others = line.partition(": ")
        for spelling in (name, *others.split(", ")):
            by_key["".join(sign for sign in spelling.casefold() if sign.isalnum())] = name
    return by_key


_BY_KEY: Final = _read(_SPELLINGS)
