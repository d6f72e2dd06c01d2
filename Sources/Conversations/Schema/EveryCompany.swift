import Foundation
import Mongo

extension BSONValue {
    /// What `companyId` is compared with by jobs that work for all companies: true for each, so that the index which
    /// begins with it is used.
    static let everyCompany: BSONValue = [
        "$gte": .uuid(UUID(uuid: (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)))
    ]
}
