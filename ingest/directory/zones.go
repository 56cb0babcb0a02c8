package directory

import (
	"strings"

	"github.com/entscope/entscope/ingest/tabular"
)

// academieName is the name of an académie without what its spellings differ in:
// "La Réunion", "REUNION"; "Saint-Pierre-et-Miquelon".
func academieName(name string) string {
	folded := strings.ReplaceAll(tabular.Fold(name), "-", "")
	folded = strings.TrimPrefix(folded, "academiede")
	return strings.TrimSuffix(strings.TrimPrefix(folded, "la"), "francaise")
}

// departementZone is the holiday zone of a département by its number in the UAI:
// the first three digits, 620 and 720 for the two of Corse. Metropolitan zones as
// in the arrêté du 16 avril 2015 (A, B and C since 2015-2016), each overseas
// académie being a zone of its own.
func departementZone(number int32) string {
	switch number {
	case 1, 3, 7, 15, 16, 17, 19, 21, 23, 24, 25, 26, 33, 38,
		39, 40, 42, 43, 47, 58, 63, 64, 69, 70, 71, 73, 74, 79, 86, 87, 89, 90:
		return "A"
	case 2, 4, 5, 6, 8, 10, 13, 14, 18, 22, 27, 28, 29, 35, 36, 37, 41, 44,
		45, 49, 50, 51, 52, 53, 54, 55, 56, 57, 59, 60, 61, 62, 67, 68, 72, 76, 80, 83, 84, 85, 88:
		return "B"
	case 9, 11, 12, 30, 31, 32, 34, 46, 48, 65, 66, 75, 77, 78, 81, 82, 91, 92, 93, 94, 95:
		return "C"
	case 620, 720:
		return "Corse"
	case 971:
		return "Guadeloupe"
	case 972:
		return "Martinique"
	case 973:
		return "Guyane"
	case 974:
		return "Réunion"
	case 975:
		return "Saint Pierre et Miquelon"
	case 976:
		return "Mayotte"
	case 983:
		return "Nouvelle Calédonie"
	case 984:
		return "Polynésie"
	case 986:
		return "Wallis et Futuna"
	}
	return ""
}
