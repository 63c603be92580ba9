//! How large an item is, as DynamoDB counts it.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;

/// The bytes of all names and values.
pub(crate) fn of(attributes: &HashMap<String, AttributeValue>) -> usize {
    attributes.iter().map(|(name, value)| name.len() + of_value(value)).sum()
}

fn of_value(value: &AttributeValue) -> usize {
    /// What a list or a map adds to each of its elements, and to itself.
    const ELEMENT: usize = 1;
    const CONTAINER: usize = 3;
    match value {
        AttributeValue::S(text) | AttributeValue::N(text) => text.len(),
        AttributeValue::B(bytes) => bytes.as_ref().len(),
        AttributeValue::Ss(texts) | AttributeValue::Ns(texts) => texts.iter().map(String::len).sum(),
        AttributeValue::Bs(all) => all.iter().map(|bytes| bytes.as_ref().len()).sum(),
        AttributeValue::L(list) => {
            CONTAINER + list.iter().map(|value| ELEMENT + of_value(value)).sum::<usize>()
        }
        AttributeValue::M(map) => CONTAINER + map.len() * ELEMENT + of(map),
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use aws_sdk_dynamodb::primitives::Blob;

    use super::*;

    #[test]
    fn names_and_values_count() {
        let bytes = AttributeValue::B(Blob::new(vec![0; 100]));
        let data = AttributeValue::M(HashMap::from([("closes".to_owned(), bytes)]));
        let item = HashMap::from([
            ("pk".to_owned(), AttributeValue::S("TENANT".to_owned())),
            ("data".to_owned(), data),
        ]);
        assert_eq!(of(&item), (2 + 6) + 4 + (3 + 1 + 6 + 100));
    }
}
