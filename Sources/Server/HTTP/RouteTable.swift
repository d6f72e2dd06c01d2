import HTTPTypes

/// Finds what is known under a path. Made once from the routes.
///
/// A literal part of a path goes before one that is left open. Empty parts do not count: a slash at the end is as none.
struct RouteTable: Sendable {
    /// All routes of one path.
    final class Place: Sendable {
        /// With `{name}` for parameters.
        let path: String
        let routes: [Bound]
        let names: [String]
        /// Whether pages of other sites may call it for the web chat.
        let isWebChats: Bool
        let meter: RouteMeter

        init(_ path: String, _ routes: [Route]) {
            self.path = path
            self.routes = routes.map { Bound($0) }
            names = routes.first?.parameterNames ?? []
            isWebChats = CrossOrigin.covers(path)
            meter = RouteMeter(path)
        }

        /// The route that answers a method; HEAD is answered as GET is.
        func route(_ method: HTTPRequest.Method) -> Bound? {
            let wanted = method == .head && !methods.contains(.head) ? .get : method
            return routes.first { $0.route.method == wanted }
        }

        var methods: [HTTPRequest.Method] { routes.map(\.route.method) }
    }

    /// A route, to be handed on without a copy.
    final class Bound: Sendable {
        let route: Route
        init(_ route: Route) { self.route = route }
    }

    /// A place in the tree of all paths.
    private struct Node: Sendable {
        var literals: [(name: [UInt8], node: Node)] = []
        var open: [Node] = []
        var place: Place?

        mutating func insert(_ place: Place, at parts: ArraySlice<Substring>) {
            guard let part = parts.first else { return self.place = place }
            let rest = parts.dropFirst()
            if part.hasPrefix("{") {
                if open.isEmpty { open = [Node()] }
                open[0].insert(place, at: rest)
            } else if let known = literals.firstIndex(where: { $0.name.elementsEqual(part.utf8) }) {
                literals[known].node.insert(place, at: rest)
            } else {
                var node = Node()
                node.insert(place, at: rest)
                literals.append((Array(part.utf8), node))
            }
        }

        /// - Parameter values: where the open parts are.
        func find(_ path: Slice<UnsafeBufferPointer<UInt8>>, _ values: inout [Range<Int>]) -> Place? {
            let slash = UInt8(ascii: "/")
            let path = path.drop { $0 == slash }
            if path.isEmpty { return place }
            let part = path.prefix { $0 != slash }
            let rest = path[part.endIndex...]
            for literal in literals where literal.name.count == part.count && literal.name.elementsEqual(part) {
                if let place = literal.node.find(rest, &values) { return place }
            }
            guard let next = open.first else { return nil }
            values.append(part.startIndex..<part.endIndex)
            if let place = next.find(rest, &values) { return place }
            values.removeLast()
            return nil
        }
    }

    private var root = Node()

    init(_ routes: [Route]) {
        for (path, routes) in Dictionary(grouping: routes, by: \.path) {
            root.insert(Place(path, routes), at: path.split(separator: "/")[...])
        }
    }

    /// The place of a path, and what its open parts are there.
    func find(_ path: Substring) -> (Place?, PathParameters) {
        var text = path
        var ranges: [Range<Int>] = []
        let place = text.withUTF8 { root.find($0[...], &ranges) }
        let values = ranges.map { range in
            let start = path.utf8.index(path.startIndex, offsetBy: range.lowerBound)
            return path[start..<path.utf8.index(start, offsetBy: range.count)]
        }
        return (place, PathParameters(names: place?.names ?? [], values: values))
    }
}

/// The parts of a path that its place leaves open, as they came: escapes are not decoded.
struct PathParameters: Sendable {
    let names: [String]
    let values: [Substring]

    func get(_ name: String) -> Substring? {
        names.firstIndex(of: name).flatMap { values.indices.contains($0) ? values[$0] : nil }
    }
}
