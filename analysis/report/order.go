package report

import "slices"

// readingOrder is the order of the chapters: what the figures cover, use, access,
// grades, the child's account, help, messages, contents, divides, anonymisation.
var readingOrder = []string{
	"Q1", "L1", "L2", "L3", "L4", "L5", "L6", "D1", "D2", "D3", "R1", "R2", "R3", "R4",
	"N1", "N2", "N3", "N4", "N5", "N6", "N7", "N8", "P1", "P2", "P3", "A1", "A2", "A3", "A4", "A5",
	"M1", "M2", "M3", "M4", "M5", "M6", "C1", "C2", "C3", "C4", "C5", "C6", "C7", "C8", "C9",
	"F1", "F2", "F3", "F4", "F5", "F6", "Q2",
}

// chapters are all chapters with their further figures, in the reading order. What a
// result holds that no chapter knows is shown at the end all the same.
var chapters = inOrder(slices.Concat(usageChapters, deployedChapters, gradeChapters, registerChapters, messageChapters, contentChapters))

func inOrder(list []chapter) []chapter {
	for i, c := range list {
		list[i].figures = slices.Concat(c.figures, furtherFigures[c.id])
	}
	slices.SortStableFunc(list, func(a, b chapter) int {
		return slices.Index(readingOrder, a.id) - slices.Index(readingOrder, b.id)
	})
	return list
}

// noEffect is the mark at 1 of a ratio.
var noEffect = &referenceLine{1, [2]string{"1 = aucun effet", "1 = no effect"}}
