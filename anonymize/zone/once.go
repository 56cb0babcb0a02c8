package zone

// once keeps the first of the rows that are the same in the columns of Once, as an export repeats them, with the
// earliest value of Earliest, and fills Counts where the register does not say: a recipient of a message counts once,
// by whatever account and in however many exports. Rows that name nobody are as many, unless the register says how
// many there are: then they are one. rows are in reading order.
func (t *registerTable) once(rows [][]int64) [][]int64 {
	if t.Once == nil {
		return rows
	}
	var columns []int
	for _, name := range t.Once {
		columns = append(columns, t.Column(name))
	}
	earliest, count := t.Column(t.Earliest), t.Column(t.Counts)
	kept, at := rows[:0], make(map[[4]int64]int, len(rows))
	counts := map[int64]int64{}
	for _, row := range rows {
		key := [4]int64{row[len(t.Columns)]} // two identifiers of one key are refused later
		named := count >= 0 && row[count] > 0
		for i, c := range columns {
			key[i+1] = row[c]
			named = named || i > 0 && row[c] != 0
		}
		if named {
			if i, ok := at[key]; ok {
				keepEarliest(kept[i], row, earliest)
				continue
			}
			at[key] = len(kept)
		}
		kept = append(kept, row)
		counts[row[columns[0]]]++
	}
	for _, row := range kept {
		if count >= 0 && row[count] == 0 {
			row[count] = counts[row[columns[0]]]
		}
	}
	return kept
}

// keepEarliest takes the value of a column from a later row if it is positive and earlier.
func keepEarliest(first, later []int64, column int) {
	if column >= 0 && later[column] > 0 && (first[column] <= 0 || later[column] < first[column]) {
		first[column] = later[column]
	}
}
