"""Countries and pictures: what version 2.2.0 shows as a text and later versions as an object (docs/adr/0039)."""

from launchledger.catalogue.models import column
from launchledger.catalogue.models.base import Observed


class Country(Observed):
    kind = "Country"
    id = column.key()
    name = column.text("")
    alpha_2_code = column.text("")
    alpha_3_code = column.text("")
    nationality_name = column.text("")
    nationality_name_composed = column.text("")


class ImageLicense(Observed):
    kind = "ImageLicense"
    id = column.key()
    name = column.text("")
    priority = column.integer()
    link = column.text()


class Image(Observed):
    kind = "Image"
    id = column.key()
    name = column.text("")
    image_url = column.text()
    thumbnail_url = column.text()
    credit = column.text()
    license = column.one(ImageLicense)
    single_use = column.boolean()
