package index

// Found is a set of numbers, emptied in no time: it gathers what the patterns of
// several indexes found in the texts of one record.
type Found struct {
	now    uint32
	stamps []uint32 // a number is in the set when its stamp is now
	list   []int32
}

// NewFound returns an empty set of numbers below n.
func NewFound(n int) *Found { return &Found{now: 1, stamps: make([]uint32, n)} }

// Clear empties the set.
func (f *Found) Clear() {
	f.list = f.list[:0]
	f.now++
	if f.now == 0 { // every 2^32 records
		clear(f.stamps)
		f.now = 1
	}
}

// Add puts a number into the set.
func (f *Found) Add(n int32) {
	if f.stamps[n] != f.now {
		f.stamps[n] = f.now
		f.list = append(f.list, n)
	}
}

// Has tells whether a number is in the set.
func (f *Found) Has(n int32) bool { return f.stamps[n] == f.now }

// List gives the numbers in the order of their finding, until the next Clear.
func (f *Found) List() []int32 { return f.list }
