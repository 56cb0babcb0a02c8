package kanon

// Lanes are the counts that a glance adds up and compares, four to a word: the rows of a class by
// the values of each sensitive attribute, which begins a word of its own. A class of few rows has
// few values, but to go through them one by one takes longer than to add all lanes. The top bit of
// a lane is free, so that one subtraction compares four (Knuth, volume 4A, §7.1.3).
const (
	laneBits = 16
	laneMask = 1<<laneBits - 1
	laneMost = 1<<(laneBits-1) - 1 // rows of a class; one with more is counted in a matrix
	perWord  = 64 / laneBits
	laneOnes = 0x0001_0001_0001_0001
	laneTop  = laneOnes << (laneBits - 1)

	maxLaneWords = 8 // with more, the list of the values that there are is shorter
)

// wordsOf is how many words an attribute of so many values takes.
func wordsOf(values int) int { return (values + perWord - 1) / perWord }

// sumLanes adds the lanes of each class to those of the one that it is mapped to.
func sumLanes[T int32 | uint32](sums, lanes []uint64, to []T, words int) {
	if words == 4 { // sixteen values: without a loop, in two thirds of the time
		for i, class := range to {
			sum, add := sums[4*int(class):][:4], lanes[4*i:][:4]
			sum[0], sum[1], sum[2], sum[3] = sum[0]+add[0], sum[1]+add[1], sum[2]+add[2], sum[3]+add[3]
		}
		return
	}
	for i, class := range to {
		sum := sums[int(class)*words : (int(class)+1)*words]
		for w, n := range lanes[i*words : (i+1)*words][:len(sum)] {
			sum[w] += n
		}
	}
}

// unpack appends the values that lanes hold, and how many rows have each.
func unpack(lanes []uint64, values, counts []int32) (_, _ []int32) {
	for w, word := range lanes {
		for v := int32(w * perWord); word != 0; v, word = v+1, word>>laneBits {
			if count := int32(word & laneMask); count > 0 {
				values, counts = append(values, v), append(counts, count)
			}
		}
	}
	return values, counts
}
