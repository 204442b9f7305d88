"""Data sets that were measured and come with the program: see `resources/datasets/README.md`."""

from typing import ClassVar

from lrstudio.core.dataset import Dataset
from lrstudio.core.datasets.tables import bundled
from lrstudio.core.table import Table


class Measured(Dataset, frozen=True, kw_only=True):
    """Base of them; a subclass names its file, and its classes in the order of their numbers."""

    file: ClassVar[str]
    classes: ClassVar[tuple[str, ...]] = ()

    family = "measured"

    def table(self) -> Table:
        return bundled(self.file, self.classes)


class BreastCancer(Measured, tag="breast_cancer", frozen=True, kw_only=True):
    """Breast cancer: tumours told by the look of their cells, in 30 features.

    An example is a breast mass of which a needle took cells. The features are ten measures of the
    cell nuclei under the microscope (radius, texture, perimeter, area, smoothness, ...): their
    mean, their standard error and their worst value. The target is the diagnosis.

    Features of very different size: unscaled, the areas of some hundred square units make the
    largest stable rate tiny.

    Wolberg, Mangasarian, Street and Street, Breast Cancer Wisconsin (Diagnostic), UCI Machine
    Learning Repository, 1995, doi:10.24432/C5DW2B, licence CC BY 4.0.
    """

    file = "breast_cancer"
    classes = ("malignant", "benign")
    aliases = ("Wisconsin", "WDBC", "tumours")


class Iris(Measured, tag="iris", frozen=True, kw_only=True):
    """Iris: three species of iris told by the size of their petals and sepals.

    An example is a flower. The features are length and width of its sepals and petals in
    centimetres, the target is its species.

    Setosa is parted from the others by a straight border, versicolor and virginica overlap. The
    values are those of Fisher's paper, as in R and scikit-learn; the copy of the UCI repository
    differs in samples 35 and 38.

    Fisher, The use of multiple measurements in taxonomic problems, 1936; UCI Machine Learning
    Repository, doi:10.24432/C56C76, licence CC BY 4.0.
    """

    file = "iris"
    classes = ("setosa", "versicolor", "virginica")
    aliases = ("Fisher's iris", "flowers")


class Wine(Measured, tag="wine", frozen=True, kw_only=True):
    """Wine: three cultivars told by a chemical analysis of their wine.

    An example is a wine of one region of Italy. The features are 13 measurements (alcohol, malic
    acid, ash, phenols, hue, ...), the target is the cultivar of the grapes.

    Once the features are scaled, straight borders part the cultivars almost without error.

    Aeberhard and Forina, Wine, UCI Machine Learning Repository, 1992, doi:10.24432/C5PC7J, licence
    CC BY 4.0.
    """

    file = "wine"
    classes = ("1", "2", "3")
    aliases = ("cultivars",)


class Digits(Measured, tag="digits", frozen=True, kw_only=True):
    """Digits: handwritten digits in images of 8 × 8 pixels.

    An example is an image. The features are its 64 pixels row by row, each the number of dark dots
    (0 to 16) in a field of 4 × 4 of the scan; the target is the digit.

    The test part of the original, written by 13 people who wrote nothing of the training part.

    Alpaydin and Kaynak, Optical Recognition of Handwritten Digits, UCI Machine Learning Repository,
    1998, doi:10.24432/C50P49, licence CC BY 4.0.
    """

    file = "digits"
    classes = tuple("0123456789")
    aliases = ("handwriting", "optdigits", "images")


class Diabetes(Measured, tag="diabetes", frozen=True, kw_only=True):
    """Diabetes: how the disease of 442 patients went on within a year.

    An example is a patient. The features are age, sex (1 or 2), body mass index, blood pressure
    and six blood values in their own units; the target is a measure of how far the disease
    progressed within a year.

    The features tell about half of the variance of the target, and four of the blood values tell
    much the same: the smallest curvature is tiny, even when the features are scaled.

    Efron, Hastie, Johnstone and Tibshirani, Least angle regression, Annals of Statistics 32, 2004;
    the authors name no licence, the copy is that of scikit-learn 1.9 (BSD-3-Clause).
    """

    file = "diabetes"
    has_classes = False
    aliases = ("disease progression",)
